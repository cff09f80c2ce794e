import type { App } from '../framework/app.ts';
import { bulkTimeFrom } from '../moovago/business-hours.ts';
import { paceRules } from '../moovago/pace-rules.ts';
import { measureBacklog } from '../sync/measure-backlog.ts';

/** Measures how far Moovago is behind, for the alarms. */
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
