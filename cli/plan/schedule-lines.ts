import { DateTime } from 'luxon';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import { bulkTimeFrom } from '../../lib/pace/business-hours.ts';
import { paceRules } from '../../lib/pace/pace-rules.ts';
import { plural } from '../sync-report.ts';
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
    `${plural(totals.scanned, 'folder', 'folders')} read, ${totals.unchanged} unchanged: ${totals.creates} to create, ${totals.updates} to update, ${totals.adopts} to adopt, ${totals.secondary} to share one of these, ${totals.removals} gone, ${totals.ambiguous} ambiguous, ${totals.unmappable} cannot be mapped`,
    `Requests to Moovago: ${requests.total} (${requests.documents} that write, of up to ${config.pace.recordsPerRequest} records; ${requests.readBacks} that read back; ${requests.reading} that read before)`,
    ...(bulk > 0 && bulkAt > startsAt
      ? [`${bulk} in bulk, which wait for the end of business hours: ${time(bulkAt)}`]
      : []),
    plan.endsAt === null
      ? 'Nothing to send.'
      : `If sync starts now, the last request leaves on ${time(Date.parse(plan.endsAt))}${inWords(plan)}.`,
    ...(totals.waiting > 0
      ? [
          `${plural(totals.waiting, 'change', 'changes')} would still wait, because the pilot has stopped the import: see status`,
        ]
      : []),
    ...(totals.standing > 0
      ? [
          `${plural(totals.standing, 'other folder needs', 'other folders need')} attention: npx clavus-moovago status`,
        ]
      : []),
    ...(complete ? [] : ["Not every folder was read, because Clavus' pages shifted: run plan again"]),
    ...(isShared
      ? ['Moovago was read at 1 request a second, in addition to the requests of the stage.']
      : []),
    'Nothing was written.',
  ];
}

function inWords({ startsAt, endsAt }: Plan): string {
  const seconds = (Date.parse(endsAt ?? startsAt) - Date.parse(startsAt)) / 1000;
  if (seconds < 90) return `, in ${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `, in ${minutes} min` : `, in ${Math.round(minutes / 6) / 10} h`;
}
