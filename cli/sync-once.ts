import { z } from 'zod';
import { attempt } from '../lib/framework/attempt.ts';
import { createPaceItem } from '../lib/pace/pace-item.ts';
import { createDirectoryStore } from '../lib/state/directory.ts';
import { pilotStage } from '../lib/sync/deliver/pilot-stage.ts';
import type { Session } from './session.ts';
import { hiddenOf, type SyncReport } from './sync-report.ts';

/** What is due within this time is waited for, in milliseconds; the rest is left for later. */
const patienceMs = 60_000;
/** When nothing more arrives in Moovago for so long, what is left is left for later, in milliseconds. */
const standstillMs = 120_000;
const lookEveryMs = 250;
/** How often it is tried again when another poll is at work, in milliseconds. */
const leaseLookMs = 2_000;

export type Progress = { doing: 'reading' } | { doing: 'writing'; done: number; total: number };

export type SyncOnceOptions = {
  /** Delivers no more changes than this. */
  limit?: number;
  /** Reads all folders, whatever was read when. */
  full?: boolean;
  /** Looks at these folders only. */
  folderIds?: string[];
  /** Sends them again, whole, changed or not. */
  again?: boolean;
  /** Sends these companies of reps to Clavus, whatever stood in their way. */
  prospects?: string[];
  onProgress(progress: Progress): void;
};

/** What pollClavus answers. */
export const pollReport = z.union([
  z.object({ state: z.literal('skipped'), heldUntil: z.number() }),
  z.object({
    state: z.enum(['complete', 'partial', 'continues', 'cut']),
    scanned: z.number(),
    changed: z.number(),
    unchanged: z.number(),
    failed: z.number(),
    removed: z.number(),
    unreadable: z.number(),
    shown: z.number().optional(),
    counted: z.number().optional(),
    blank: z.string().optional(),
  }),
]);
type Polled = Exclude<z.infer<typeof pollReport>, { state: 'skipped' }>;

type DeliverableDependencies = Pick<Session, 'bulkTimeFrom' | 'clock'> & {
  rows: Pick<Session['rows'], 'countDue'>;
  pilot: Pick<Session['pilot'], 'read'>;
  config: Pick<Session['config'], 'pilot'>;
};

const forEver = Number.MAX_SAFE_INTEGER;

/** Polls Clavus and delivers until nothing is left that can be delivered now. */
export async function syncOnce(session: Session, options: SyncOnceOptions): Promise<SyncReport> {
  const since = { totals: totals(session), at: session.clock.now() };
  options.onProgress({ doing: 'reading' });
  await refresh(session, options.prospects ?? []);
  const polled = await poll(session, options, session.alone);
  await deliver(session, options);
  return reportSince(session, polled, since);
}

/** Until when requests to Moovago rest, in milliseconds since the epoch: a key was refused, or Moovago failed several times. */
export async function restsUntil({ table }: Pick<Session, 'table'>): Promise<number> {
  const { heldUntil, openUntil } = await createPaceItem(table).read();
  return Math.max(heldUntil, openUntil);
}

/** Reads the directory of both systems. While requests to Moovago rest, Clavus is read with the one that is known. */
async function refresh(session: Session, prospects: string[]): Promise<void> {
  const refreshed = await attempt(session.stack.invoke('refreshDirectory', { prospects }));
  if (refreshed.ok) return;
  const isResting = (await restsUntil(session)) > session.clock.now();
  const isKnown = (await createDirectoryStore(session.table).read()) !== undefined;
  if (!isResting || !isKnown) throw refreshed.error;
}

/** What the functions counted since the session began. */
export const totals = ({ total }: Session) => ({
  created: total('CompaniesCreated'),
  updated: total('CompaniesUpdated'),
  adopted: total('CompaniesAdopted'),
  shared: total('CompaniesShared'),
  clavus: total('ClavusRequests'),
  moovago: total('MoovagoRequests'),
  throttled: total('MoovagoThrottled'),
});

/** The report of a poll and of what was delivered since a moment. */
export async function reportSince(
  session: Session,
  polled: Polled,
  since: { totals: ReturnType<typeof totals>; at: number },
): Promise<SyncReport> {
  const { rows, clock, config } = session;
  const { state, scanned, changed, unchanged, removed, unreadable } = polled;
  const after = totals(session);
  const before = since.totals;
  return {
    complete: state !== 'cut',
    scanned,
    changed,
    created: after.created - before.created,
    updated: after.updated - before.updated,
    adopted: after.adopted - before.adopted,
    shared: after.shared - before.shared,
    unchanged,
    removed,
    failed: (await rows.countDue('failed', forEver)) + unreadable,
    leftOut: await rows.countDue('ignored', forEver),
    unreadable,
    hidden: hiddenOf(polled, config),
    pending: (await rows.countDue('live', forEver)) + (await rows.countDue('bulk', forEver)),
    requests: { clavus: after.clavus - before.clavus, moovago: after.moovago - before.moovago },
    throttled: after.throttled - before.throttled,
    seconds: Math.round((clock.now() - since.at) / 100) / 10,
  };
}

/**
 * Polls Clavus to the end, after another poll that is at work.
 * @param takeOver whether a poll that an earlier process left open is broken off, instead of waited for
 */
export async function poll(
  { stack, clock }: Session,
  { limit, folderIds, again, full }: Omit<SyncOnceOptions, 'onProgress'>,
  takeOver: boolean,
): Promise<Polled> {
  const request = {
    takeOver,
    ...(limit === undefined ? {} : { limit }),
    ...(folderIds === undefined ? {} : { folderIds }),
    ...(again ? { again } : {}),
    ...(full ? { full } : {}),
  };
  let before: Polled | undefined;
  for (;;) {
    const report = pollReport.parse(await stack.invoke('pollClavus', request));
    if (report.state !== 'skipped') {
      before = before === undefined ? report : sum(before, report);
      // A scan that takes longer than a function may run goes on in the next one.
      if (report.state !== 'continues') return before;
      continue;
    }
    await clock.wait(Math.min(leaseLookMs, Math.max(1000, report.heldUntil - clock.now())));
  }
}

/** Two parts of one scan. */
const sum = (one: Polled, other: Polled): Polled => ({
  state: other.state,
  scanned: one.scanned + other.scanned,
  changed: one.changed + other.changed,
  unchanged: one.unchanged + other.unchanged,
  failed: one.failed + other.failed,
  removed: one.removed + other.removed,
  unreadable: Math.max(one.unreadable, other.unreadable),
  shown: other.shown,
  counted: other.counted,
  blank: other.blank,
});

/** Feeds the queue and lets its mapping empty it, until nothing is due any more within our patience. */
async function deliver(session: Session, { onProgress }: SyncOnceOptions): Promise<void> {
  const { stack, rows, clock, alone, isIdle } = session;
  const dueBy = async (at: number) => (await rows.countDue('live', at)) + (await rows.countDue('bulk', at));
  const toDo = await dueBy(forEver);
  if ((await restsUntil(session)) > clock.now() + patienceMs) return;
  let left = toDo;
  let movedAt = clock.now();
  let pauseMs = lookEveryMs;
  for (let turn = 0; clock.now() - movedAt < standstillMs; turn++) {
    // The messages of an earlier process went with it: what it had announced is announced again.
    await stack.invoke('feedQueue', { again: alone && turn === 0 });
    do {
      await clock.wait(pauseMs);
      const lookedAt = clock.now();
      const now = await dueBy(forEver);
      // Counting many thousands takes a while, and the table has better things to do.
      pauseMs = Math.max(lookEveryMs, 10 * (clock.now() - lookedAt));
      if (now < left) movedAt = clock.now();
      left = now;
      onProgress({ doing: 'writing', done: Math.max(0, toDo - left), total: toDo });
    } while (!(await isIdle()) && clock.now() - movedAt < standstillMs);
    if ((await deliverableBy(session, clock.now() + patienceMs)) === 0 && !(await isFreed(session))) return;
    while (
      clock.now() - movedAt < standstillMs &&
      (await deliverableBy(session, clock.now())) === 0 &&
      (await deliverableBy(session, clock.now() + patienceMs)) > 0
    )
      await clock.wait(lookEveryMs);
  }
}

/** Whether companies were held that may be created now. */
async function isFreed({ bulkTimeFrom, clock, config, pilot, rows, table }: Session): Promise<boolean> {
  if (pilotStage(await pilot.read(), config.pilot).kind === 'stopped') return false;
  const now = clock.now();
  const live = await rows.held('live', 1);
  const bulk = bulkTimeFrom(now) <= now ? await rows.held('bulk', 1) : [];
  if (live.length + bulk.length === 0) return false;
  return (await createDirectoryStore(table).creationsWaitFor(config)) === undefined;
}

/** Rows that are due by then and may be sent then: bulk is not while business hours last, but for the pilot. */
export async function deliverableBy(
  { rows, bulkTimeFrom, clock, pilot, config }: DeliverableDependencies,
  at: number,
): Promise<number> {
  // Before the first read: however long that takes, `at` is not past.
  const bulkFrom = bulkTimeFrom(Math.min(clock.now(), at));
  const stage = pilotStage(await pilot.read(), config.pilot);
  if (stage.kind === 'stopped') return 0;
  const bulkToo = stage.kind === 'running' || bulkFrom <= at;
  return (await rows.countDue('live', at)) + (bulkToo ? await rows.countDue('bulk', at) : 0);
}
