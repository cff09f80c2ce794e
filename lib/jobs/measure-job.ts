import { bulkTimeFrom } from '../pace/business-hours.ts';
import { paceRules } from '../pace/pace-rules.ts';
import { measureBacklog } from '../sync/deliver/measure-backlog.ts';
import type { App } from './app.ts';

/** Measures how late the deliveries to Moovago are, for the alarms. */
export function measureJob(app: App): Promise<void> {
  const { business } = paceRules(app.config, app.ignoreBusinessHours);
  return measureBacklog({ ...app, bulkTimeFrom: (at) => bulkTimeFrom(at, business) });
}
