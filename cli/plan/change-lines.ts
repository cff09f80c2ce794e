import type { FieldChange } from './plan.ts';

const shownMax = 48;
/** Of two long values that begin alike, as much of what they share is shown. */
const sharedMax = 12;

/** What changes of a company, a field a line: old → new. What is sent although it is the same is no change. */
export const changeLines = (changes: readonly FieldChange[]): string[] =>
  changes.flatMap(({ field, old, new: next }) => {
    if (old !== undefined && textOf(old) === textOf(next)) return [];
    const [before, after] = excerpts(textOf(old), textOf(next));
    return [`  ${field.padEnd(11)} ${old === undefined ? '(not known)' : before} → ${after}`];
  });

const textOf = (value: FieldChange['old']) => (Array.isArray(value) ? value.join(', ') : (value ?? ''));

/** Both values from where they begin to differ, where they are too long to be shown whole. */
function excerpts(one: string, other: string): [string, string] {
  const isLong = Math.max(one.length, other.length) > shownMax;
  let shared = 0;
  while (isLong && shared < one.length && one[shared] === other[shared]) shared++;
  const from = Math.max(0, shared - sharedMax);
  return [excerpt(one, from), excerpt(other, from)];
}

function excerpt(text: string, from: number): string {
  if (text === '') return '(empty)';
  const shown = text.slice(from, from + shownMax);
  return JSON.stringify(`${from > 0 ? '…' : ''}${shown}${from + shownMax < text.length ? '…' : ''}`);
}
