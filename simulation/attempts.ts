import type { Item } from '../local/dynamodb/expressions.ts';
import type { Items } from './table/items.ts';

/** An intent that stood in a row, by its id, which names the process and the invocation that wrote it. */
type Attempt = { id: string; version: number; isClear: boolean };

/** Where they leave a folder to a person: looks that found nothing, and updates that nobody confirmed. */
const unknownOutcomesMin = { create: 3, update: 20 } as const;

const processOf = (id: string) => id.slice(0, id.lastIndexOf('-'));

export type Attempts = ReturnType<typeof createAttempts>;

/** What became of every attempt to write to Moovago, as far as its sender lived to learn it. */
export function createAttempts() {
  const byFolder = new Map<string, Attempt[]>();
  const harmed = new Set<string>();
  const of = (folderId: string) => byFolder.get(folderId) ?? [];

  function noteIntent(row: Item): void {
    const intent: Item = Object(row.intent);
    if (typeof intent.id !== 'string') return;
    const attempts = of(String(row.folderId));
    if (attempts.some(({ id }) => id === intent.id)) return;
    attempts.push({ id: intent.id, version: Number(intent.version), isClear: false });
    byFolder.set(String(row.folderId), attempts);
  }

  return {
    watch: (items: Items) =>
      items.onWrite(({ key, after }) => {
        if (key.startsWith('FOLDER#') && after !== undefined) noteIntent(after);
      }),
    /**
     * Whether the process was told that its newest write for this folder took effect, or certainly did not. After a 429 it
     * is sent once more: the last answer counts.
     */
    answered: (folderId: string, process: string, isClear: boolean) => {
      const last = of(folderId).findLast(({ id }) => processOf(id) === process);
      if (last) last.isClear = isClear;
    },
    /** What this invocation learned it may not have been able to write down. */
    harm: (process: string) => {
      harmed.add(process);
    },
    /** Whether a row was rightly left to a person: so many attempts for its newest version ended in the dark. */
    wereUnclear: (row: Item): boolean => {
      const version = Number(Object(row.desired).version);
      const dark = of(String(row.folderId)).filter(
        ({ id, isClear }) => !isClear || harmed.has(processOf(id)),
      );
      const first = dark.findIndex((attempt) => attempt.version >= version);
      // One that was under way for an older version settles for the new one.
      const unknown = dark.slice(Math.max(0, (first < 0 ? dark.length : first) - 1));
      return unknown.length >= unknownOutcomesMin[row.companyId === undefined ? 'create' : 'update'];
    },
  };
}
