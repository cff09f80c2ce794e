/** The orders in which a server may compare values: by code unit, as a dictionary does, or as numbers. */
const collator = new Intl.Collator('fr');
const orders = [
  (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1),
  (one: string, other: string): number => collator.compare(one, other),
  (one: string, other: string): number => Number(one) - Number(other),
];

/** Whether the value lies before the bound in every order that compares them. */
const isSurelyBefore = (value: string, bound: string): boolean =>
  orders.every((compare) => !(compare(value, bound) >= 0));

/** Whether the value does not lie before the bound in any order. */
const isSurelyNotBefore = (value: string, bound: string): boolean =>
  orders.every((compare) => !(compare(value, bound) < 0));

/** Whether a server may take the value for one from `from` on, and before `to`. */
export const mayLieIn = (
  value: string,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): boolean =>
  (from === undefined || !isSurelyBefore(value, from)) && (to === undefined || !isSurelyNotBefore(value, to));

/** Whether the values ascend in any order. */
const ascend = (values: readonly string[]): boolean =>
  orders.some((compare) =>
    values.every((value, index) => index === 0 || compare(values[index - 1] ?? '', value) <= 0),
  );

/** A value that spaces or length might change on the way makes no bound. */
const isClean = (value: string) => value !== '' && value === value.trim() && value.length <= 200;

const middleOf = (values: readonly string[]): string =>
  [...values].sort()[Math.floor(values.length / 2)] ?? '';

/**
 * The value at which a range is cut whose first page a server gives in no order; `undefined` if it has one, or no other
 * value than those that bound it.
 */
export function middleCut(
  values: readonly string[],
  { from, to }: { from?: string | undefined; to?: string | undefined },
): string | undefined {
  const usable = values.filter((value) => value !== from && value !== to && isClean(value));
  return ascend(usable) ? undefined : middleOf(usable);
}

/**
 * The value at which a range is cut.
 * @param values those of the last page that the range shows, in the order of the server
 * @param spare how many entries the range before the cut is to have below the ceiling
 * @returns `undefined` if there is no other value than those that bound the range. `before`: so many of the values lie
 * before the cut, if they are sorted
 */
export function cutOf(
  values: readonly string[],
  { from, to }: { from?: string | undefined; to?: string | undefined },
  spare: number,
): { cut: string; before: number } | undefined {
  const isBound = (value: string) => value !== from && value !== to && isClean(value);
  const usable = values.filter(isBound);
  if (usable.length === 0) return undefined;
  if (!ascend(values.filter((value) => value !== ''))) return { cut: middleOf(usable), before: 0 };
  const last = usable.at(-1) ?? '';
  // Folders that share the last value leave room enough.
  const isRoomy = values.length - values.indexOf(last) > spare;
  const cut = isRoomy ? last : (values.slice(0, -spare).findLast(isBound) ?? usable[0] ?? '');
  return { cut, before: values.indexOf(cut) };
}
