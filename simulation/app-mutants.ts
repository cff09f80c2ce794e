import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { attempt } from '../lib/framework/attempt.ts';
import { TryLater } from '../lib/framework/errors.ts';
import type { App } from '../lib/jobs/app.ts';
import type { FolderRow } from '../lib/state/folder-row.ts';
import type { Transition } from '../lib/state/folder-rows.ts';
import { isDue } from '../lib/sync/rows/row-status.ts';
import { isParisBusinessTime } from './paris-time.ts';

/** Breaks a part of the connector, instead of what surrounds it. */
export type BreakApp = (app: App) => App;

/** A prospect whose answer never came is taken for one that was not sent. */
export const prospectsAreSentAgain: BreakApp = (app) => ({
  ...app,
  clavus: {
    ...app.clavus,
    upsertProspect: async (prospect) => {
      const answer = await attempt(app.clavus.upsertProspect(prospect));
      if (answer.ok) return answer.value;
      if (!(answer.error instanceof TryLater)) throw answer.error;
      throw new TryLater('taken for not applied', { system: 'Clavus', applied: 'no' });
    },
  },
});

/** Nobody asks whose a company is before it becomes a prospect. */
export const prospectsAreAnybodys: BreakApp = (app) => ({
  ...app,
  rows: { ...app.rows, linkedTo: async () => [] },
  matchIndex: { ...app.matchIndex, owners: async () => new Map() },
});

/** Intents of prospects are written after the request. */
export const prospectsHaveNoIntent: BreakApp = (app) => ({
  ...app,
  prospectLinks: {
    ...app.prospectLinks,
    save: async (before, after) =>
      after.intent === undefined
        ? app.prospectLinks.save(before, after)
        : { ...after, revision: before?.revision ?? 0 },
  },
});

/** The list of folders whose rows are being written is never read. */
export const unsettledIsForgotten: BreakApp = (app) => ({
  ...app,
  cursor: { ...app.cursor, readUnsettled: async () => [] },
});

/** Fingerprints are saved before the rows that they stand for, as a cursor that moves first. */
export const fingerprintsComeFirst: BreakApp = (app) => {
  let held: (() => Promise<unknown>)[] | undefined;
  const { change } = app.rows;
  const broken = unsettledIsForgotten(app);
  return {
    ...broken,
    cursor: {
      ...broken.cursor,
      saveUnsettled: async (folderIds) => {
        if (folderIds.length > 0) held = [];
      },
    },
    rows: {
      ...app.rows,
      change: async (...given) => {
        if (held === undefined) return change(...given);
        held.push(() => change(...given));
        return undefined;
      },
    },
    fingerprints: {
      ...app.fingerprints,
      save: async (entries) => {
        await app.fingerprints.save(entries);
        const rest = held ?? [];
        held = undefined;
        for (const write of rest) await write();
      },
    },
  };
};

const payloadKey = (folderId: string) => ({ pk: 'PAYLOAD', sk: folderId });

/** A message carries what the folder was to become when it was announced, and that is delivered. */
export const messagesCarryPayload: BreakApp = (app) => {
  const { rows, queue, table, cursor } = app;
  const TableName = table.name;
  let isPoll = false;

  async function announced(row: FolderRow): Promise<FolderRow> {
    const { Item } = await table.client.send(new GetCommand({ TableName, Key: payloadKey(row.folderId) }));
    return Item === undefined ? row : { ...row, desired: Item.desired };
  }

  return {
    ...app,
    cursor: {
      ...cursor,
      readUnsettled: () => {
        isPoll = true;
        return cursor.readUnsettled();
      },
    },
    queue: {
      ...queue,
      send: async (folderIds, runId) => {
        for (const [folderId, { desired }] of await rows.read(folderIds))
          await table.client.send(new PutCommand({ TableName, Item: { ...payloadKey(folderId), desired } }));
        return queue.send(folderIds, runId);
      },
    },
    rows: {
      ...rows,
      read: async (folderIds) => {
        const found = await rows.read(folderIds);
        if (isPoll) return found;
        for (const [folderId, row] of found) found.set(folderId, await announced(row));
        return found;
      },
    },
  };
};

/** Whatever goes wrong with a request, its intents are taken back, as a `finally` would do it. */
export const intentsAreTakenBack: BreakApp = (app) => {
  const { rows, moovago, clock } = app;
  const intended = new Set<string>();
  const takeBack: Transition = (row) =>
    row?.intent && isDue(row)
      ? { ...row, intent: undefined, waitUntil: undefined, dueAt: clock.now() }
      : undefined;
  return {
    ...app,
    rows: {
      ...rows,
      change: async (...given) => {
        const saved = await rows.change(...given);
        if (saved?.intent) intended.add(saved.folderId);
        return saved;
      },
    },
    moovago: {
      ...moovago,
      writeCompanies: async (...given) => {
        const answer = await attempt(moovago.writeCompanies(...given));
        const open = [...intended];
        intended.clear();
        if (answer.ok) return answer.value;
        for (const [folderId, row] of await rows.read(open)) await rows.change(folderId, takeBack, row);
        throw answer.error;
      },
    },
  };
};

/** Creations begin before Moovago's companies were ever read. */
export const noBootstrap: BreakApp = (app) => ({
  ...app,
  directory: {
    ...app.directory,
    creationsWaitFor: async () => undefined,
  },
});

/** After a return to an older point, an earlier pass over Moovago's companies still counts. */
export const oldPassesCount: BreakApp = (app) => ({
  ...app,
  directory: { ...app.directory, distrustPassesBefore: async () => {} },
});

/** However often Moovago fails, everybody goes on. */
export const breakerNeverOpens: BreakApp = (app) => ({
  ...app,
  pace: { ...app.pace, failed: async () => ({ opened: false }) },
});

/** Every folder has the say about its keys, whoever else has it. */
export const keysAreEverybodys: BreakApp = (app) => ({
  ...app,
  matchIndex: { ...app.matchIndex, claim: async (_key, { folderId, token }) => ({ folderId, token }) },
});

/** A folder is left to a person after the first unclear answer. */
export const givesUpTooSoon: BreakApp = (app) => ({
  ...app,
  rows: {
    ...app.rows,
    change: (folderId, transition, known) => {
      const gives: Transition = (row) => {
        const next = transition(row);
        if (next?.unclear !== 1 || next.status !== 'due') return next;
        const failure = { kind: 'service' as const, message: 'given up', firstAt: 0, lastAt: 0 };
        return { ...next, status: 'parked', failure, dueLane: 'failed', dueAt: 0, waitUntil: undefined };
      };
      return app.rows.change(folderId, gives, known);
    },
  },
});

/** Bulk takes slots until the last moment before business hours, and leaves also when it was delayed into them. */
export const lateBulkIsSent: BreakApp = (app) => {
  const { pace, clock } = app;
  const isLate = () => isParisBusinessTime(clock.now());
  return {
    ...app,
    pace: {
      ...pace,
      isBulkTime: (at) => !isParisBusinessTime(at),
      peek: (lane, latest) => pace.peek(isLate() ? lane : 'live', latest),
      reserve: async (lane, aheadMs, latest) => {
        if (lane === 'live' || isLate()) return pace.reserve(lane, aheadMs, latest);
        const { slot, until } = await pace.reserve('live', aheadMs, latest);
        if (slot === undefined) return { until };
        if (isParisBusinessTime(slot.at)) return pace.reserve(lane, aheadMs, latest);
        return { slot: { ...slot, lane, ready: () => (isLate() ? Promise.resolve() : slot.ready()) } };
      },
    },
  };
};
