import { type ClavusClient, createClavusClient } from '../lib/clavus/client.ts';
import { type Clock, systemClock } from '../lib/framework/clock.ts';
import type { System } from '../lib/framework/errors.ts';
import { keyReader } from '../lib/framework/keys.ts';
import { serviceAddress } from '../lib/framework/service-address.ts';
import { parseSyncConfig, type SyncConfig } from '../lib/mapping/sync-config.ts';
import { createMoovagoClient, type MoovagoClient } from '../lib/moovago/client.ts';
import { createPace, type Pace } from '../lib/pace/pace.ts';
import { createPaceItem } from '../lib/pace/pace-item.ts';
import { paceRules } from '../lib/pace/pace-rules.ts';
import type { Table } from '../lib/state/table.ts';
import type { ServiceEnvironment } from './service-environment.ts';

export type Systems = { clavus: ClavusClient; moovago: MoovagoClient; pace: Pace; clock: Clock };

/** Where a key is: in SSM for a deployed stage, in the environment for this machine. */
const keyOf = (system: System, given: string | undefined, stage: string | undefined) =>
  stage === undefined
    ? keyReader(system, given, undefined)
    : keyReader(system, undefined, `/clavus-moovago/${stage}/${system.toLowerCase()}-api-key`);

/** @param stage of a deployed stage, whose key is in SSM */
export const openClavus = (
  { CLAVUS_API_URL, CLAVUS_API_KEY, PRIVATE_HOSTS }: ServiceEnvironment,
  stage: string | undefined,
): ClavusClient =>
  createClavusClient({
    url: serviceAddress('CLAVUS_API_URL', CLAVUS_API_URL, PRIVATE_HOSTS),
    key: keyOf('Clavus', CLAVUS_API_KEY, stage).read,
  });

/**
 * Both systems, and the pace that is shared with whoever else uses the table.
 * @param config without it, the pace of a configuration that says nothing
 * @param stage of a deployed stage, whose keys are in SSM
 */
export function openSystems(
  environment: ServiceEnvironment,
  { table, config, stage }: { table: Table; config: SyncConfig | undefined; stage?: string | undefined },
): Systems {
  const { MOOVAGO_API_URL = '', MOOVAGO_API_KEY } = environment;
  const rules = paceRules(config ?? parseSyncConfig({ company: { name: 'name' } }, ''), false);
  return {
    clock: systemClock,
    clavus: openClavus(environment, stage),
    moovago: createMoovagoClient({
      url: serviceAddress('MOOVAGO_API_URL', MOOVAGO_API_URL, environment.PRIVATE_HOSTS),
      key: keyOf('Moovago', MOOVAGO_API_KEY, stage).read,
      keyHeader: environment.MOOVAGO_API_KEY_HEADER,
    }),
    pace: createPace(rules, { item: createPaceItem(table), clock: systemClock, onReset: () => {} }),
  };
}
