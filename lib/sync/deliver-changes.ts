import pMap from 'p-map';
import type { Clock } from '../framework/clock.ts';
import type { Count, Log } from '../framework/telemetry.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { CompanyWrite, WriteOutcome } from '../moovago/company.ts';
import type { Reservation } from '../moovago/pace.ts';
import type { Lane, Slot } from '../moovago/slot.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { Transition } from '../state/folder-rows.ts';
import { isDue } from './row-transitions.ts';
import { sendDocument } from './send-document.ts';

/** How long before its slot a document's intents are written, in milliseconds: enough for 25 conditional writes. */
const leadMs = 300;
/** A Lambda must have this much time left when a request leaves, in milliseconds: the request's limit and the writes after it. */
const reserveMs = 25_000;

export type DeliverDependencies = {
  clock: Clock;
  log: Log;
  count: Count;
  newId(): string;
  readRows(folderIds: readonly string[]): Promise<Map<string, FolderRow>>;
  changeRow(
    folderId: string,
    transition: Transition,
    known: FolderRow | undefined,
  ): Promise<FolderRow | undefined>;
  postpone(folderId: string, from: number, to: number): Promise<boolean>;
  reserveSlots(count: number, lane: Lane, earliest: number, latest: number): Promise<Reservation>;
  /** Nobody sends to Moovago for so many milliseconds. */
  rest(ms: number): Promise<void>;
  /** One document; the outcomes are in the order of the writes. */
  writeCompanies(writes: readonly CompanyWrite[], slot: Slot): Promise<WriteOutcome[]>;
};

export type DeliverOptions = Pick<SyncConfig, 'ownership' | 'blanks'> & {
  recordsPerRequest: number;
  /** How long an unknown outcome rests before anything is sent again, in milliseconds. */
  settleAfterMs: number;
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
};

/**
 * Delivers the newest wanted state of folders to Moovago. What cannot be delivered now gets a time to come back in its
 * row: a wait is not a failure, and nothing here depends on a message coming again.
 */
export async function deliverChanges(
  folderIds: readonly string[],
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const rows = [...(await dependencies.readRows(folderIds)).values()].filter(isDue);
  const now = dependencies.clock.now();
  const waiting = rows.filter((row) => notBefore(row, now, options) > now);
  await postponeAll(waiting, (row) => notBefore(row, now, options), dependencies);

  const ready = rows.filter((row) => notBefore(row, now, options) <= now);
  // Live first: its slots are the earlier ones.
  for (const lane of ['live', 'bulk'] as const)
    await deliverLane(
      lane,
      ready.filter((row) => row.desired?.lane === lane),
      options,
      dependencies,
    );
}

/** The moment before which nothing may be sent for a row, in milliseconds since the epoch. */
function notBefore(row: FolderRow, now: number, { settleAfterMs }: DeliverOptions): number {
  const waitUntil = row.waitUntil ?? 0;
  // A create whose outcome nobody knows is never sent again: only a look at Moovago's companies can settle it.
  if (row.intent?.kind === 'create' && waitUntil <= now) return now + settleAfterMs;
  return waitUntil;
}

async function deliverLane(
  lane: Lane,
  rows: readonly FolderRow[],
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  if (rows.length === 0) return;
  const { recordsPerRequest, deadline } = options;
  const documents = Array.from({ length: Math.ceil(rows.length / recordsPerRequest) }, (_, index) =>
    rows.slice(index * recordsPerRequest, (index + 1) * recordsPerRequest),
  );
  const now = dependencies.clock.now();
  const latest = deadline - reserveMs;
  const { slots, until } = await dependencies.reserveSlots(documents.length, lane, now + leadMs, latest);
  const left = documents.slice(slots.length).flat();
  await Promise.all([
    ...slots.map((slot, index) =>
      sendDocument(documents[index] ?? [], slot, { ...options, leadMs, latest }, dependencies),
    ),
    postponeAll(left, () => Math.max(until ?? now, now), dependencies),
  ]);
}

async function postponeAll(
  rows: readonly FolderRow[],
  to: (row: FolderRow) => number,
  { postpone, count }: DeliverDependencies,
): Promise<void> {
  if (rows.length === 0) return;
  count('DeliveriesPostponed', rows.length);
  await pMap(rows, (row) => postpone(row.folderId, row.dueAt ?? 0, to(row)), { concurrency: 16 });
}
