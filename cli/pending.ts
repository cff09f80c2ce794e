import { DateTime } from 'luxon';
import { createDirectoryStore } from '../lib/state/directory.ts';
import { pilotLines } from './pilot-lines.ts';
import type { Session } from './session.ts';

const forEver = Number.MAX_SAFE_INTEGER;

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
  const recovered = await createDirectoryStore(table).creationsWaitFor();
  const lines =
    recovered === undefined
      ? []
      : [`no company is created before Moovago has been read again, after ${time(recovered)}: sync then`];
  const bulk = await rows.countDue('bulk', forEver);
  const bulkAt = bulkTimeFrom(now);
  if (bulk > 0 && bulkAt > now)
    lines.push(`${bulk} of a mass wait for the end of business hours, ${time(bulkAt)}`);
  const rest = await Promise.all(
    (['live', ...(bulkAt > now ? [] : (['bulk'] as const))] as const).map((lane) =>
      rows.due(lane, forEver, 1000),
    ),
  );
  const times = rest.flat().map(({ dueAt }) => dueAt);
  if (times.length > 0)
    lines.push(
      `${times.length} come back between ${time(Math.min(...times))} and ${time(Math.max(...times))}: ` +
        'the outcome of their request is unknown and is looked up then, or a service was in trouble',
    );
  return lines;
}
