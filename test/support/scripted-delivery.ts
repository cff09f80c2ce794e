import { TryLater } from '../../lib/framework/errors.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';
import type { Company } from '../../lib/moovago/company.ts';
import { type ChildName, childNames } from '../../lib/moovago/entities/entity.ts';
import type { Child } from '../../lib/moovago/entities/record.ts';
import type { Lane, Slot } from '../../lib/moovago/slot.ts';
import type { CompanyWrite, WriteOutcome } from '../../lib/moovago/write.ts';
import type { Pace } from '../../lib/pace/pace.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { deliverChanges } from '../../lib/sync/deliver/deliver-changes.ts';
import { changed } from '../../lib/sync/rows/row-transitions.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';
import { memoryDirectory, memoryMatchIndex, memoryPilot } from './memory-stores.ts';

export const start = Date.parse('2026-11-24T20:00:00+01:00');
export const settleAfterMs = 15 * 60_000;
const config = parseSyncConfig({ company: { name: 'nom', note: 'notes' } }, 'sync.config.ts');
export const { ownership, match } = config;

export const due = (folderId: string, name: string, lane: Lane = 'live'): FolderRow =>
  changed(undefined, { rowId: folderId, record: { name }, at: start - 1000, lane }) as FolderRow;

export type Answer = (writes: readonly CompanyWrite[], slot: Slot) => WriteOutcome[];
export const created: Answer = (writes) =>
  writes.map((_, index) => ({ kind: 'written', companyId: `c${index + 1}` }));

export const failing =
  (error: unknown): Answer =>
  () => {
    throw error;
  };

/** A delivery with everything around it scripted. */
export function scriptedDelivery(
  rows: readonly FolderRow[],
  answer: Answer = created,
  {
    policies = ownership,
    opens = false,
    documentSize = undefined as number | undefined,
    pilot = 0,
    primary = config.primary,
    children = childNames as readonly ChildName[],
    unverified = [] as readonly ChildName[],
    onRemoved = config.onRemoved,
    clock = fakeClock(start),
    pace = undefined as Pick<Pace, 'peek' | 'reserve'> | undefined,
  } = {},
) {
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const sent: { at: number; writes: readonly CompanyWrite[] }[] = [];
  const reports: string[] = [];
  let freeFrom = 0;
  const directory = memoryDirectory();
  const matchIndex = memoryMatchIndex();
  const moovago = {
    index: matchIndex.companies,
    claims: matchIndex.claims,
    companies: [] as Company[] | undefined,
    readBack: 'all' as 'all' | 'documented',
    isWhole: true,
    passes: 0,
    /** What belongs to companies, of whatever kind. */
    children: [] as Child[] | undefined,
    childPasses: [] as ChildName[],
  };
  const pilotItem = Object.assign(memoryPilot(), { isHeld: false });
  let ids = 0;
  let slotsLeft = 100;
  let othersAreFaster = false;
  let nextAt = 0;
  const run = (folderIds = rows.map((row) => row.folderId), recordsPerRequest = 25) =>
    deliverChanges(
      folderIds,
      {
        ...config,
        ownership: policies,
        primary,
        pilot,
        onRemoved,
        stage: 'test',
        children,
        unverified,
        pace: { recordsPerRequest },
        settleAfter: settleAfterMs,
        deadline: clock.now() + 60_000,
      },
      {
        telemetry,
        clock,
        newId: () => `i${++ids}`,
        rows: store,
        directory,
        matchIndex,
        pilot: pilotItem,
        readChildren: async (child) => {
          moovago.childPasses.push(child);
          if (moovago.children === undefined)
            throw new TryLater('no answer', { system: 'Moovago', applied: 'no' });
          return moovago.children;
        },
        readCompanies: async () => {
          moovago.passes++;
          if (moovago.companies === undefined)
            throw new TryLater('no answer', { system: 'Moovago', applied: 'no' });
          const { companies, readBack, isWhole } = moovago;
          return { companies, readBack, isWhole, hasAllIds: isWhole };
        },
        takePilotLease: async () =>
          pilotItem.isHeld
            ? { heldUntil: start + 9_000 }
            : { lease: { renew: async () => true, release: async () => {} } },
        pace: {
          peek: async (...given) =>
            pace !== undefined
              ? pace.peek(...given)
              : slotsLeft > 0 || othersAreFaster
                ? { at: Math.max(clock.now(), nextAt) }
                : { until: start + 30_000 },
          reserve: async (lane, ...given) => {
            if (pace !== undefined) return pace.reserve(lane, ...given);
            if (slotsLeft === 0) return { until: start + 30_000 };
            slotsLeft -= 1;
            // Some way off, as behind those of others.
            const at = Math.max(clock.now() + 300, nextAt);
            nextAt = at + 212;
            return { slot: { at, lane, ready: () => clock.wait(at - clock.now()) } };
          },
          freeFrom: async () => freeFrom,
          throttled: async (retryAfterMs) => {
            reports.push(`throttled ${retryAfterMs}`);
            freeFrom = clock.now() + (retryAfterMs ?? 5000);
          },
          failed: async () => {
            reports.push('failed');
            return { opened: opens };
          },
          stopped: async (ms) => {
            reports.push(`stopped ${ms}`);
            return { opened: opens };
          },
          succeeded: async () => {
            reports.push('succeeded');
          },
          documentSize: async (max) => documentSize ?? max,
          shrinkTo: async (records) => {
            reports.push(`shrinkTo ${records}`);
          },
          grow: async (size) => {
            reports.push(`grow ${size}`);
          },
        },
        moovago: {
          writeCompanies: async (writes, slot) => {
            await slot.ready();
            sent.push({ at: clock.now() - start, writes });
            return answer(writes, slot);
          },
        },
      },
    );
  /** With `othersAreFaster`, more seem to be left until they are asked for. */
  const limitSlots = (count: number, { othersAreFaster: are = false } = {}) => {
    slotsLeft = count;
    othersAreFaster = are;
  };
  /** Others have the slots until so many milliseconds after the start. */
  const takeSlotsUntil = (ms: number) => {
    nextAt = start + ms;
  };
  const more = { limitSlots, takeSlotsUntil };
  return { clock, store, telemetry, sent, reports, directory, moovago, pilot: pilotItem, run, ...more };
}
