import { expect, it, onTestFinished } from 'vitest';
import { createClavusClient } from '../../../lib/clavus/client.ts';
import type { App } from '../../../lib/jobs/app.ts';
import { checkJob } from '../../../lib/jobs/check-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { createMoovagoClient } from '../../../lib/moovago/client.ts';
import { createPace } from '../../../lib/pace/pace.ts';
import { createPaceItem } from '../../../lib/pace/pace-item.ts';
import { createMoovagoSchemaStore } from '../../../lib/state/moovago-schema.ts';
import { startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { stateTable } from '../../support/state-table.ts';

const company = { name: 'nom', phone: 'telephone', ownerIds: { from: 'commercial', as: 'owner' } };

async function night() {
  const clavus = await startClavusSimulator({ key: 'key', folders: 20 });
  const moovago = await startMoovagoSimulator({ key: 'key' });
  onTestFinished(async () => {
    await clavus.close();
    await moovago.close();
  });
  const table = await stateTable();
  const clock = { now: () => Date.now(), wait: async () => {}, random: () => 0.5 };
  const telemetry = fakeTelemetry();
  const pace = createPace(
    { otherwise: { requestsPerSecond: 5 } },
    { item: createPaceItem(table), clock, onReset: () => {} },
  );
  let moovagoKey = 'key';
  const key = async () => moovagoKey;
  const app = {
    config: parseSyncConfig({ company }, 'sync.config.ts'),
    clavus: createClavusClient({ url: new URL(clavus.url), key: async () => 'key' }),
    moovago: createMoovagoClient({ url: new URL(moovago.url), key, keyHeader: 'x-api-key' }),
    ...{ table, pace, clock, telemetry },
  } as unknown as App;
  const store = createMoovagoSchemaStore(table);
  const setMoovagoKey = (next: string) => {
    moovagoKey = next;
  };
  return { clavus, moovago, app, pace, telemetry, store, setMoovagoKey };
}

it('a night without a problem counts none, and logs nobody’s name', async () => {
  const { clavus, app, telemetry } = await night();
  for (const folder of clavus.folders.values()) folder.set('commercial', 'Paul Absent');
  expect(await checkJob(app)).toEqual({ problems: 0, warnings: 1 });
  expect(telemetry.counts.ProblemsFound).toBe(0);
  expect(telemetry.lines).toEqual([
    {
      level: 'warn',
      event: 'check-warning',
      severity: 'warning',
      where: 'company.ownerIds',
      reason:
        "one person in Clavus is not in Moovago's team: companies that are there keep their owners, and no company is made for their other folders",
    },
  ]);
});

it('what Moovago deprecates and what Clavus takes away are problems, by name', async () => {
  const { clavus, app, telemetry, store } = await night();
  await store.save(
    moovagoTypeDefs.replace('alias: String!', 'alias: String! @deprecated(reason: "Use name.")'),
  );
  clavus.hiddenColumns.add('telephone');
  expect(await checkJob(app)).toEqual({ problems: 2, warnings: 0 });
  expect(telemetry.counts.ProblemsFound).toBe(2);
  expect(telemetry.lines.map(({ where, reason }) => `${where}: ${reason}`)).toEqual([
    "company.phone.from: no column 'telephone' in Clavus, or the API key may not read it",
    "Moovago's schema: team: The field Member.alias is deprecated. Use name.",
  ]);
});

it('a refused key is a problem that stops nobody, and a service in trouble is none', async () => {
  const { clavus, app, pace, telemetry, setMoovagoKey } = await night();
  setMoovagoKey('wrong');
  clavus.faults.order({ kind: 'status', status: 503 }, { times: 4 });
  expect(await checkJob(app)).toEqual({ problems: 1, warnings: 1 });
  expect(telemetry.lines.map(({ event, where }) => `${event} ${where}`)).toEqual([
    'check-warning CLAVUS_API_URL',
    'problem-found MOOVAGO_API_KEY',
  ]);
  expect(await pace.freeFrom()).toBe(0);
});
