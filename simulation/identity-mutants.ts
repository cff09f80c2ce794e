import type { App } from '../lib/jobs/app.ts';
import { matchKeys } from '../lib/mapping/match-keys.ts';
import { type Witness, witnessOf } from '../lib/mapping/witness.ts';
import type { FolderRow } from '../lib/state/folder-row.ts';
import { adopted } from '../lib/sync/rows/row-transitions.ts';
import type { BreakApp } from './app-mutants.ts';

/** An equal value is enough: a second field is never asked. */
export const oneValueDecides: BreakApp = (app) => {
  const matching = { ...app.config, stage: app.stage };
  const witnesses = new Map<string, Witness>();
  const learn = ({ desired }: FolderRow) => {
    const record = desired?.record ?? {};
    for (const { key } of matchKeys(record, matching)) witnesses.set(key, witnessOf(record, matching));
  };
  return {
    ...app,
    rows: {
      ...app.rows,
      read: async (rowIds) => {
        const found = await app.rows.read(rowIds);
        for (const row of found.values()) learn(row);
        return found;
      },
    },
    matchIndex: {
      ...app.matchIndex,
      find: async (keys) => {
        const found = await app.matchIndex.find(keys);
        const agreeing = [...found].map(([key, bearers]) => {
          const [first] = bearers.filter(({ companyId }) => companyId !== '');
          const witness = witnesses.get(key);
          return [key, first === undefined ? [] : [{ ...first, ...(witness ? { witness } : {}) }]] as const;
        });
        return new Map(agreeing.map(([key, bearers]) => [key, [...bearers]]));
      },
    },
  };
};

/** What a second field could tell about companies is not kept. */
export const witnessesAreLost: BreakApp = (app) => ({
  ...app,
  matchIndex: {
    ...app.matchIndex,
    find: async (keys) =>
      new Map(
        [...(await app.matchIndex.find(keys))].map(([key, bearers]) => [
          key,
          bearers.map(({ companyId }) => ({ companyId, witness: '' })),
        ]),
      ),
  },
});

/** Companies of reps are not looked for. */
export const nothingIsFound: BreakApp = (app) => ({
  ...app,
  matchIndex: { ...app.matchIndex, find: async () => new Map() },
});

/** The company that another folder of the customer has made is learned at the next pass only. */
export const othersAreForgotten: BreakApp = (app) => ({
  ...app,
  matchIndex: {
    ...app.matchIndex,
    claim: (key, { its: _, ...claim }) => app.matchIndex.claim(key, claim),
  },
});

/** What is written of a row is another row. */
const writing = (
  app: App,
  instead: (next: FolderRow | undefined, row: FolderRow | undefined) => FolderRow | undefined,
): App => ({
  ...app,
  rows: {
    ...app.rows,
    change: (rowId, transition, known) =>
      app.rows.change(rowId, (row) => instead(transition(row), row), known),
  },
});

/** Where a person should choose, the first company is taken. */
export const firstIsTaken: BreakApp = (app) =>
  writing(app, (next, row) => {
    const [recordId] = (next?.status === 'ambiguous' && next.failure.candidates) || [];
    return row === undefined || recordId === undefined
      ? next
      : adopted(row, { recordId, at: app.clock.now() });
  });

/** Every value is known of every company: keys of all kinds find the first one. */
export const keysAreMixedUp: BreakApp = (app) => ({
  ...app,
  matchIndex: {
    ...app.matchIndex,
    find: async (keys) => {
      const found = await app.matchIndex.find(keys);
      const all = [...found.values()].flat();
      return new Map([...found.keys()].map((key) => [key, all]));
    },
  },
});

/** What a person decided is forgotten with the next write of the row. */
export const decisionsAreForgotten: BreakApp = (app) =>
  writing(app, (next) => next && { ...next, decision: undefined });
