import { DateTime } from 'luxon';
import { systemClock } from '../lib/framework/clock.ts';
import type { SyncConfig } from '../lib/mapping/sync-config.ts';
import { createPaceItem, type PaceState } from '../lib/pace/pace-item.ts';
import { type CreationsWait, createDirectoryStore } from '../lib/state/directory.ts';
import type { FolderRows } from '../lib/state/folder-rows.ts';
import type { Table } from '../lib/state/table.ts';
import { plural } from './sync-report.ts';

/** Why nothing, or no company, is sent now. */
export type Held = {
  what: 'requests' | 'companies';
  why: 'key' | 'failures' | 'throttled' | CreationsWait['why'];
  /** ISO 8601; `null` if it is not known. `until`: when it is tried again; `null`: when a person has acted. */
  since: string | null;
  until: string | null;
};

const iso = (at: number | undefined) => (at === undefined || at === 0 ? null : new Date(at).toISOString());

/** Why requests to Moovago rest; nothing if they do not. */
export function restOf(
  { heldUntil, isRefused, openSince, openUntil }: PaceState,
  now: number,
): Extract<Held['why'], 'key' | 'failures' | 'throttled'> | undefined {
  if (openUntil > now) return isRefused ? 'key' : openSince > 0 ? 'failures' : undefined;
  return heldUntil > now ? 'throttled' : undefined;
}

/** What is held, each with its cause. */
export async function readHeld(
  { rows, table }: { rows: FolderRows; table: Table },
  config: SyncConfig,
): Promise<Held[]> {
  const now = systemClock.now();
  const pace = await createPaceItem(table).read();
  const rest = restOf(pace, now);
  const until = rest === 'throttled' ? pace.heldUntil : pace.openUntil;
  const since = rest === 'throttled' ? undefined : pace.openSince;
  const requests: Held[] = rest
    ? [{ what: 'requests', why: rest, since: iso(since), until: iso(until) }]
    : [];
  const [first] = [...(await rows.held('live', 1)), ...(await rows.held('bulk', 1))];
  const waits = first && (await createDirectoryStore(table).creationsWaitFor(config));
  if (waits === undefined) return requests;
  const wanted = (await rows.read([first?.rowId ?? ''])).get(first?.rowId ?? '')?.desired?.at;
  return [...requests, { what: 'companies', why: waits.why, since: iso(wanted), until: iso(waits.from) }];
}

const causes: Record<Held['why'], string> = {
  key: 'Moovago refused the key. Correct it: the next command tries it at once, a deployed stage at this time',
  failures: 'Moovago failed several times in a row, and is tried again then',
  throttled: 'Moovago asked to wait, after too many requests',
  unread: 'Moovago has not been read yet; the next sync reads it, a deployed stage within an hour',
  cut: "Moovago's list of companies may end too early: add one company by hand in Moovago, and run sync",
  match:
    'the rules of match have changed; the next sync reads Moovago by the new ones, a deployed stage within an hour',
};

/** A line for each cause: what, since when, until when, why. */
export function heldLines(held: readonly Held[], { timezone }: SyncConfig['pace']): string[] {
  const time = (at: string) => DateTime.fromISO(at, { zone: timezone }).toFormat("ccc HH:mm:ss '('ZZZZ')'");
  return held.map(({ what, why, since, until }) => {
    const subject = what === 'requests' ? 'all requests to Moovago' : 'new companies';
    const from = since === null ? '' : `, since ${time(since)}`;
    const to = until === null ? '' : `, until ${time(until)}`;
    return `Held            ${subject}${from}${to}: ${causes[why]}`;
  });
}

/** Bulk changes that wait for the evening. */
export function bulkLine(bulk: number, bulkAt: number, { timezone }: SyncConfig['pace']): string[] {
  const until = DateTime.fromMillis(bulkAt, { zone: timezone }).toFormat("ccc HH:mm '('ZZZZ')'");
  const changes = plural(bulk, 'bulk change', 'bulk changes');
  return bulk > 0 && bulkAt > systemClock.now()
    ? [`Held            ${changes}, until ${until}: business hours`]
    : [];
}
