import { type ClavusClient, createClavusClient } from '../lib/clavus/client.ts';
import { type Clock, systemClock } from '../lib/framework/clock.ts';
import { keyReader } from '../lib/framework/keys.ts';
import { serviceAddress } from '../lib/framework/service-address.ts';
import { parseSyncConfig, type SyncConfig } from '../lib/mapping/sync-config.ts';
import { createMoovagoClient, type MoovagoClient } from '../lib/moovago/client.ts';
import { createPace, type Pace } from '../lib/moovago/pace.ts';
import { paceRules } from '../lib/moovago/pace-rules.ts';
import { createPaceItem } from '../lib/state/pace-item.ts';
import type { Table } from '../lib/state/table.ts';
import type { ServiceEnvironment } from './service-environment.ts';

export type Systems = { clavus: ClavusClient; moovago: MoovagoClient; pace: Pace; clock: Clock };

/**
 * Both systems, and the pace that is shared with whoever else uses the table.
 * @param config without it, the pace of a configuration that says nothing
 * @param stage of a deployed stage, whose keys are in SSM
 */
export function openSystems(
  environment: ServiceEnvironment,
  { table, config, stage }: { table: Table; config: SyncConfig | undefined; stage?: string | undefined },
): Systems {
  const parameter = (name: string) => (stage === undefined ? undefined : `/clavus-moovago/${stage}/${name}`);
  const given = (key: string | undefined) => (stage === undefined ? key : undefined);
  const { CLAVUS_API_URL, CLAVUS_API_KEY, MOOVAGO_API_URL = '', MOOVAGO_API_KEY } = environment;
  const rules = paceRules(config ?? parseSyncConfig({ company: { name: 'name' } }, ''), false);
  return {
    clock: systemClock,
    clavus: createClavusClient({
      url: serviceAddress('CLAVUS_API_URL', CLAVUS_API_URL),
      key: keyReader('Clavus', given(CLAVUS_API_KEY), parameter('clavus-api-key')).read,
    }),
    moovago: createMoovagoClient({
      url: serviceAddress('MOOVAGO_API_URL', MOOVAGO_API_URL),
      key: keyReader('Moovago', given(MOOVAGO_API_KEY), parameter('moovago-api-key')).read,
      keyHeader: environment.MOOVAGO_API_KEY_HEADER,
    }),
    pace: createPace(rules, { item: createPaceItem(table), clock: systemClock, onReset: () => {} }),
  };
}
