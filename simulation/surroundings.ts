import type { ClavusClient } from '../lib/clavus/client.ts';
import type { Telemetry } from '../lib/framework/telemetry.ts';
import type { Surroundings } from '../lib/jobs/app.ts';
import { parseSyncConfig, type SyncConfig } from '../lib/mapping/sync-config.ts';
import { canary } from './customers.ts';
import type { Environment } from './environment.ts';
import { fallbackOwner } from './expected-company.ts';
import type { Plan } from './plan.ts';
import type { FakeQueue } from './queue/fake-queue.ts';
import { modifiedColumn } from './services/fake-clavus.ts';
import type { FakeMoovago } from './services/fake-moovago.ts';
import { stage } from './services/ledger.ts';
import type { FakeTable } from './table/fake-table.ts';
import { webhookSecret } from './webhooks.ts';
import type { World } from './world.ts';

/** The systems of one run. */
export type Systems = {
  table: FakeTable;
  queue: FakeQueue;
  clavus: { clientFor(env: Environment): ClavusClient };
  moovago: FakeMoovago;
};

const personal = new RegExp(canary, 'i');

const matchOf = ({ isMatchReordered }: Plan) =>
  isMatchReordered
    ? ['marker', ['name', 'postalCode'], 'phone', 'email']
    : ['marker', 'email', 'phone', ['name', 'postalCode']];

/** The configuration of a run. */
export function configOf(plan: Plan): SyncConfig {
  return parseSyncConfig(
    {
      clavus: {
        pageSize: plan.pageSize,
        ...(plan.dates === 'none' ? {} : { modifiedColumn, fullScanEvery: 'PT30M' }),
      },
      company: {
        name: 'nom',
        city: 'ville',
        address: 'adresse',
        ...(plan.hasNotes ? { note: 'notes' } : {}),
        ...(plan.hasOwners ? { ownerIds: 'commercial' } : {}),
        ...(plan.isMatching
          ? {
              postalCode: { from: 'cp', as: 'postalCode' },
              phone: { from: 'tel', as: 'phone' },
              email: { from: 'email', as: 'email' },
            }
          : {}),
      },
      ...(plan.hasContacts ? { contacts: { lastName: 'interlocuteur', role: 'ville' } } : {}),
      ...(plan.hasFallback ? { owners: { fallback: fallbackOwner } } : {}),
      match: plan.isMatching ? matchOf(plan) : ['marker'],
      primary: plan.primary,
      ownership: { city: plan.cityPolicy },
      marker: plan.marker,
      blanks: plan.blanks,
      pilot: plan.pilot,
      ...(plan.hasProspects ? { prospects: {} } : {}),
      onRemoved: plan.onRemoved,
      ...(plan.wire?.believesLittle ? { removalLimit: { share: 0, atLeast: 1 } } : {}),
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
function telemetryFor(world: World): Telemetry {
  const write = (event: string, details: Record<string, unknown> = {}) => {
    world.count(`log ${event}`);
    const line = `log ${event} ${JSON.stringify(details)}`;
    world.trace(line);
    if (personal.test(line)) world.fail('personal-data', line);
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
  { table, queue, clavus, moovago }: Systems,
): Surroundings {
  return {
    stage,
    config,
    ignoreBusinessHours: false,
    telemetry: telemetryFor(world),
    clock: env.clock,
    newId: env.newId,
    table: table.tableFor(env),
    sqs: queue.clientFor(env),
    queueUrl: 'simulated',
    clavus: clavus.clientFor(env),
    moovago: moovago.clientFor(env),
    webhookSecret: async () => webhookSecret,
  };
}
