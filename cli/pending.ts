import { DateTime } from 'luxon';
import { type CreationsWait, createDirectoryStore } from '../lib/state/directory.ts';
import { isHeld } from '../lib/state/folder-rows.ts';
import { pilotLines } from './pilot-lines.ts';
import type { Session } from './session.ts';
import { restsUntil } from './sync-once.ts';
import { plural } from './sync-report.ts';

const forEver = Number.MAX_SAFE_INTEGER;

/** Why no company is created, and what to do. */
export function creationsWaitLine(
  { why, from, companies = 0 }: CreationsWait,
  time: (at: number) => string,
): string {
  if (why === 'unread')
    return `no company is created before the connector reads Moovago again${from === 0 ? '' : `, after ${time(from)}`}: run sync then`;
  if (why === 'match')
    return 'no company is created before the connector reads Moovago again: the rules of match have changed. Run sync';
  return (
    `no company is created: Moovago lists exactly ${companies} companies, which may be the limit of its list. Those behind it would be made twice. ` +
    `Add one company by hand in Moovago, and run sync. If Moovago then lists ${companies + 1}, creations go on by themselves. Otherwise ask Moovago for the whole list`
  );
}

/** What the changes wait for that a synchronisation left for later, a line each. */
export async function whyPending({
  rows,
  clock,
  config,
  bulkTimeFrom,
  pilot,
  table,
}: Session): Promise<string[]> {
  const { stopped } = await pilot.read();
  if (stopped !== undefined) return pilotLines(stopped);
  const now = clock.now();
  const time = (at: number) =>
    DateTime.fromMillis(at, { zone: config.pace.timezone }).toFormat("cccc HH:mm '('ZZZZ')'", {
      locale: 'en',
    });
  const waits = await createDirectoryStore(table).creationsWaitFor(config);
  const lines = waits === undefined ? [] : [creationsWaitLine(waits, time)];
  const restUntil = await restsUntil({ table });
  if (restUntil > now)
    return [
      ...lines,
      `requests to Moovago rest until ${time(restUntil)}: Moovago refused the key, or failed several times in a row. Run sync then`,
    ];
  const bulk = await rows.countDue('bulk', forEver);
  const bulkAt = bulkTimeFrom(now);
  if (bulk > 0 && bulkAt > now)
    lines.push(
      `${plural(bulk, 'bulk change waits', 'bulk changes wait')} for the end of business hours, ${time(bulkAt)}`,
    );
  const rest = await Promise.all(
    (['live', ...(bulkAt > now ? [] : (['bulk'] as const))] as const).map((lane) =>
      rows.due(lane, forEver, 1000),
    ),
  );
  const times = rest.flat().flatMap((entry) => (isHeld(entry) ? [] : [entry.dueAt]));
  if (times.length > 0)
    lines.push(
      `${plural(times.length, 'change is', 'changes are')} tried again between ${time(Math.min(...times))} and ${time(Math.max(...times))}: ` +
        'the outcome of their request is unknown and will be looked up, or a service did not respond normally',
    );
  return lines;
}
