import type { SyncConfig } from '../mapping/sync-config.ts';
import type { BusinessHours } from './business-hours.ts';

/** How fast, and when. Moovago's guide: at most 5 requests a second, one a second preferred, no bulk in business hours. */
export type PaceRules = {
  /** Absent: the faster pace at all hours, and bulk at any time. */
  business?: BusinessHours & { requestsPerSecond: number };
  otherwise: { requestsPerSecond: number };
};

/** The rules as configured; `sync --ignore-business-hours` and `businessHours: false` ignore business hours. */
export function paceRules({ pace }: Pick<SyncConfig, 'pace'>, ignoreBusinessHours: boolean): PaceRules {
  const { timezone, businessHours, otherwise } = pace;
  return ignoreBusinessHours || businessHours === false
    ? { otherwise }
    : { business: { timezone, ...businessHours }, otherwise };
}
