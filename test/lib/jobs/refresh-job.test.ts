import { expect, it } from 'vitest';
import { OperationRefused } from '../../../lib/framework/operation-refused.ts';
import type { App } from '../../../lib/jobs/app.ts';
import { readCompaniesJob } from '../../../lib/jobs/refresh-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import type { Company } from '../../../lib/moovago/company.ts';
import type { Slot } from '../../../lib/moovago/slot.ts';
import { createPace } from '../../../lib/pace/pace.ts';
import { paceRules } from '../../../lib/pace/pace-rules.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { memoryPaceItem } from '../../support/memory-pace-item.ts';
import { memoryRows } from '../../support/memory-rows.ts';
import { memoryDirectory, memoryMatchIndex } from '../../support/memory-stores.ts';

const config = parseSyncConfig({ company: { name: 'nom' } }, 'sync.config.ts');

/** The job on a table whose every answer takes so long, and a Moovago that knows the documented fields only. */
function readingWith(tableMs: number) {
  const clock = fakeClock('2026-11-24T20:00:00+01:00');
  const item = memoryPaceItem();
  const slow =
    <Given extends unknown[], Value>(ask: (...given: Given) => Promise<Value>) =>
    async (...given: Given) => {
      await clock.wait(tableMs);
      return ask(...given);
    };
  const slowItem = { read: slow(item.read), change: slow(item.change), extend: slow(item.extend) };
  const asked: (readonly string[] | undefined)[] = [];
  const companyList = async (
    _filter: unknown,
    slot: Slot,
    fields?: readonly string[],
  ): Promise<Company[]> => {
    await slot.ready();
    asked.push(fields);
    await clock.wait(2_000);
    if (fields) throw new OperationRefused('MOOVAGO_API_URL', 'refused', { reason: 'no such field' });
    return [{ id: 'c1', name: 'Dupont', ownerIds: [] }];
  };
  const app = {
    clock,
    config,
    stage: 'test',
    telemetry: fakeTelemetry(),
    rows: memoryRows(),
    moovago: { companyList },
    directory: memoryDirectory({ columns: [], users: [], team: { id: 't1', name: 'Sud', members: [] } }),
    matchIndex: memoryMatchIndex(),
    pace: createPace(paceRules(config, false), { item: slowItem, clock, onReset: () => {} }),
  };
  return { asked, run: () => readCompaniesJob(app as unknown as App) };
}

it('reads companies of which only the documented fields can be had, at slots that a slow table does not make it miss', async () => {
  const { asked, run } = readingWith(60);
  expect(await run()).toEqual({
    companies: [{ id: 'c1', name: 'Dupont', ownerIds: [] }],
    readBack: 'documented',
    isWhole: true,
    hasAllIds: true,
  });
  expect(asked).toEqual([['name', 'city', 'address', 'postalCode', 'phone', 'email', 'note'], undefined]);
});
