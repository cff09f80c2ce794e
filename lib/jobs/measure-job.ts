import { bulkTimeFrom } from '../pace/business-hours.ts';
import { paceRules } from '../pace/pace-rules.ts';
import { measureBacklog } from '../sync/deliver/measure-backlog.ts';
import type { App } from './app.ts';

/** Measures how late the deliveries to Moovago are, for the alarms. */
export function measureJob({
  clock,
  config,
  ignoreBusinessHours,
  pace,
  rows,
  telemetry,
}: App): Promise<void> {
  const { business } = paceRules(config, ignoreBusinessHours);
  return measureBacklog({
    clock,
    count: telemetry.count,
    due: rows.due,
    readRows: rows.read,
    bulkTimeFrom: (at) => bulkTimeFrom(at, business),
    freeFrom: pace.freeFrom,
  });
}
