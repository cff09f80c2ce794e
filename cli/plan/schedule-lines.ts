import { DateTime } from 'luxon';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import { bulkTimeFrom } from '../../lib/pace/business-hours.ts';
import { paceRules } from '../../lib/pace/pace-rules.ts';
import { creationsWaitLine } from '../pending.ts';
import { hiddenLine, plural, unreadableLine } from '../sync-report.ts';
import type { Plan } from './plan.ts';

export type ScheduleOptions = {
  config: SyncConfig;
  ignoreBusinessHours?: boolean;
  /** Whether a stage may send at the same time. */
  isShared: boolean;
};

/** What the plan comes to: totals, requests, and when it would end. */
export function scheduleLines(
  plan: Plan,
  { config, ignoreBusinessHours = false, isShared }: ScheduleOptions,
): string[] {
  const { totals, requests, complete } = plan;
  const time = (at: number) =>
    DateTime.fromMillis(at, { zone: config.pace.timezone }).toFormat("cccc d LLLL, HH:mm '('ZZZZ')'", {
      locale: 'en',
    });
  const startsAt = Date.parse(plan.startsAt);
  const bulk = [...plan.creates, ...plan.updates, ...plan.adopts].filter(
    ({ lane }) => lane === 'bulk',
  ).length;
  const bulkAt = bulkTimeFrom(startsAt, paceRules(config, ignoreBusinessHours).business);
  return [
    `${plural(totals.scanned, 'folder', 'folders')} read: ${sumOf(totals)}`,
    `Requests to Moovago: ${requests.total} (${requests.documents} that write, of up to ${config.pace.recordsPerRequest} records; ${requests.readBacks} that read back; ${requests.reading} that read before)`,
    ...(bulk > 0 && bulkAt > startsAt
      ? [`${bulk} in bulk, which wait for the end of business hours: ${time(bulkAt)}`]
      : []),
    plan.endsAt === null
      ? 'Nothing to send.'
      : `If sync starts now, the last request leaves on ${time(Date.parse(plan.endsAt))}${inWords(plan)}.`,
    ...(plan.waitsFor === null || totals.waiting === 0 ? [] : [waitLine(plan.waitsFor, time)]),
    ...(totals.unreadable > 0 ? [unreadableLine(totals.unreadable)] : []),
    ...(plan.hidden === null ? [] : [hiddenLine(plan.hidden)]),
    ...(complete || plan.hidden
      ? []
      : ["Not every folder was read, because Clavus' pages shifted: run plan again"]),
    ...(isShared
      ? ['Moovago was read at 1 request a second, in addition to the requests of the stage.']
      : []),
    'Nothing was written.',
  ];
}

/** What becomes of the folders: each counts once, and those that Clavus shows no more come last. */
function sumOf({
  creates,
  updates,
  adopts,
  secondary,
  ambiguous,
  unmappable,
  ...totals
}: Plan['totals']): string {
  const parts: [number, string][] = [
    [totals.unchanged, 'as they are'],
    [creates, 'to create'],
    [updates, 'to update'],
    [adopts, 'to adopt'],
    [secondary, 'to share one of these'],
    [ambiguous, 'for you to decide'],
    [unmappable, 'that cannot be mapped'],
    [totals.waiting, 'that would still wait'],
    [totals.standing, 'that need attention since earlier (npx clavus-moovago status)'],
    [totals.leftOut, 'left out by hand'],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const gone = totals.removals > 0 ? `; ${totals.removals} gone from Clavus` : '';
  return `${told.length > 0 ? told.join(', ') : 'nothing to do'}${gone}`;
}

function waitLine(waits: NonNullable<Plan['waitsFor']>, time: (at: number) => string): string {
  if (waits.why === 'pilot') return 'What waits does so because the pilot has stopped the import: see status';
  const why = creationsWaitLine(waits, time);
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}`;
}

function inWords({ startsAt, endsAt }: Plan): string {
  const seconds = (Date.parse(endsAt ?? startsAt) - Date.parse(startsAt)) / 1000;
  if (seconds < 90) return `, in ${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `, in ${minutes} min` : `, in ${Math.round(minutes / 6) / 10} h`;
}
