import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../lib/framework/errors.ts';
import { type Cost, idleHours } from '../../support/idle-hours.ts';

const night = '2026-11-24T20:00:00+01:00';
const morning = '2026-11-24T09:00:00+01:00';
const forEver = Number.MAX_SAFE_INTEGER;
type Hours = Awaited<ReturnType<typeof idleHours>>;

type State = {
  at: string;
  config?: object;
  /** What an hour may cost. */
  most: Cost;
  prepare(hours: Hours): Promise<void> | void;
};

/** 12 polls and a refresh, which reads Clavus six times and Moovago twice. Two leases, a cursor and a few items are written. */
const atRest: Cost = { moovago: 2, clavus: 18, writes: 60, messages: 0 };

/** Each state in which nothing can be delivered, from when on. */
const states: [string, State][] = [
  [
    'no company may be created, as their list may be cut',
    {
      at: night,
      most: atRest,
      prepare: ({ companies }) => {
        for (let index = 0; index < 100; index++) companies.push({ id: `x${index}`, name: `Autre ${index}` });
      },
    },
  ],
  [
    'Moovago refuses the key',
    {
      at: night,
      most: { moovago: 12, clavus: 16, writes: 1_900, messages: 800 },
      prepare: async ({ run, trouble }) => {
        await run(1);
        trouble.moovago = () => new ConfigurationError('MOOVAGO_API_KEY', 'is refused');
      },
    },
  ],
  [
    'Moovago is down',
    {
      at: night,
      most: { moovago: 6, clavus: 16, writes: 700, messages: 300 },
      prepare: async ({ run, trouble }) => {
        await run(1);
        trouble.moovago = () =>
          new TryLater('Moovago had an error', { system: 'Moovago', applied: 'unknown', status: 503 });
      },
    },
  ],
  ['bulk waits for the evening', { at: morning, most: atRest, prepare: () => {} }],
  [
    'the pilot has stopped',
    {
      at: night,
      most: atRest,
      config: { pilot: 1 },
      prepare: async ({ app }) => {
        const desired = { version: 1, record: { name: 'Autre' }, at: 1, lane: 'live' } as const;
        const row = { folderId: 'p1', revision: 1, writeId: 'w', attempts: 0, companyId: 'x1', desired };
        await app.rows.change('p1', () => ({ ...row, status: 'delivered' }), undefined);
        const stopped = { folderId: 'p1', companyId: 'x1', at: 1, fields: [] };
        await app.pilot.save({ passed: [], skipped: false, stopped });
      },
    },
  ],
  [
    'Clavus is down',
    {
      at: night,
      most: { moovago: 0, clavus: 60, writes: 30, messages: 0 },
      prepare: async ({ run, trouble }) => {
        await run(60);
        trouble.clavus = () =>
          new TryLater('Clavus had an error', { system: 'Clavus', applied: 'unknown', status: 503 });
      },
    },
  ],
];

const many = 5_000;

describe('an hour in which nothing can be delivered', () => {
  it.each(states)(
    'costs a constant, however many changes wait: %s',
    async (name, { at, config, most, prepare }) => {
      const costs: Cost[] = [];
      for (const folders of [500, many]) {
        const hours = await idleHours(folders, at, config);
        await prepare(hours);
        if (name !== 'Clavus is down') hours.edit();
        // What was on its way when it began has come to rest.
        await hours.run(120);
        costs.push(await hours.run(60));
        const { rows } = hours.app;
        const due = await Promise.all(
          (['live', 'bulk'] as const).map((lane) => rows.countDue(lane, forEver)),
        );
        expect(due).toEqual([0, name === 'Clavus is down' ? 0 : folders]);
      }
      for (const cost of costs)
        for (const what of ['moovago', 'clavus', 'writes', 'messages'] as const)
          expect(cost[what], `${what}: ${JSON.stringify(costs)}`).toBeLessThanOrEqual(most[what]);
    },
  );
});

it('What was held is announced as soon as companies may be created, a part in each turn', async () => {
  const hours = await idleHours(300, night);
  for (let index = 0; index < 100; index++) hours.companies.push({ id: `x${index}`, name: `Autre ${index}` });
  await hours.run(120);
  expect(hours.companies).toHaveLength(100);
  hours.companies.push({ id: 'x100', name: 'Par la main' });
  // The next pass over the companies shows 101: they do not end at 100.
  await hours.run(3);
  expect(hours.companies).toHaveLength(401);
  expect(await hours.app.rows.countDue('bulk', forEver)).toBe(0);
});
