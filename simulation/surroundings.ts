import type { Surroundings } from '../lib/framework/app.ts';
import type { Telemetry } from '../lib/framework/telemetry.ts';
import { parseSyncConfig, type SyncConfig } from '../lib/mapping/sync-config.ts';
import type { Environment } from './environment.ts';
import type { Plan } from './plan.ts';
import type { FakeQueue } from './queue/fake-queue.ts';
import { canary, type FakeClavus } from './services/fake-clavus.ts';
import type { FakeMoovago } from './services/fake-moovago.ts';
import { type Ledger, stage } from './services/ledger.ts';
import type { FakeTable } from './table/fake-table.ts';
import type { World } from './world.ts';

/** The systems of one run. */
export type Systems = {
  table: FakeTable;
  queue: FakeQueue;
  clavus: FakeClavus;
  moovago: FakeMoovago;
  ledger: Ledger;
};

/** The configuration of a run. */
export function configOf(plan: Plan): SyncConfig {
  return parseSyncConfig(
    {
      clavus: { pageSize: plan.pageSize },
      company: {
        name: 'nom',
        city: 'ville',
        address: 'adresse',
        ...(plan.hasNotes ? { note: 'notes' } : {}),
      },
      match: ['marker'],
      pace: {
        bulkAbove: plan.bulkAbove,
        recordsPerRequest: plan.recordsPerRequest,
        businessHours: { requestsPerSecond: plan.businessRate },
        otherwise: { requestsPerSecond: plan.otherRate },
      },
      settleAfter: `PT${plan.settleAfterMs / 1000}S`,
    },
    'simulation',
  );
}

/** Counts what is counted, and looks for personal data in every line. */
function telemetryFor(world: World, ledger: Ledger): Telemetry {
  const write = (event: string, details: Record<string, unknown> = {}) => {
    if (event === 'creation-looked-up') ledger.lookedUp(String(details.folderId), details.found);
    world.count(`log ${event}`);
    const line = `log ${event} ${JSON.stringify(details)}`;
    world.trace(line);
    if (line.includes(canary)) world.fail('personal-data', line);
  };
  return {
    log: { info: write, warn: write, error: write },
    count: (metric, value = 1) => {
      world.count(`metric ${metric}`, value);
      if (!Number.isFinite(value)) world.fail('metric', `${metric} is ${value}`);
    },
    publish: () => {},
  };
}

/** Everything outside of the connector, as one of its Lambdas sees it. */
export function surroundingsFor(
  world: World,
  env: Environment,
  config: SyncConfig,
  { table, queue, clavus, moovago, ledger }: Systems,
): Surroundings {
  return {
    stage,
    config,
    ignoreBusinessHours: false,
    telemetry: telemetryFor(world, ledger),
    clock: env.clock,
    newId: env.newId,
    table: table.tableFor(env),
    sqs: queue.clientFor(env),
    queueUrl: 'simulated',
    clavus: clavus.clientFor(env),
    moovago: moovago.clientFor(env),
    webhookSecret: async () => undefined,
  };
}
