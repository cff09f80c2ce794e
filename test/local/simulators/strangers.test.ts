import { expect, it, onTestFinished } from 'vitest';
import { startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { ask, breakOffMany } from '../../support/stranger.ts';

it.each([
  ['Clavus', startClavusSimulator, '/api/external/graphql', { authorization: 'Bearer k' }],
  ['Moovago', startMoovagoSimulator, '/graphql', { 'x-api-key': 'k' }],
])(
  'The simulated %s hears no page of a browser and no other name, and survives what breaks off',
  async (_name, start, path, key) => {
    const simulator = await start({ key: 'k' });
    onTestFinished(simulator.close);
    const port = Number(new URL(simulator.url).port);
    const own = { ...key, host: `127.0.0.1:${port}`, 'content-type': 'application/json' };
    const statuses = [];
    for (const headers of [
      { ...own, origin: 'http://evil.example' },
      { ...own, origin: `http://127.0.0.1:${port}` },
      { ...own, host: `evil.example:${port}` },
      { ...own, host: '127.0.0.1:1' },
    ]) {
      const { status, headers: said } = await ask(port, {
        path,
        headers,
        body: '{"query":"{ __typename }"}',
      });
      statuses.push([status, ...said.filter((name) => name.startsWith('access-control'))]);
    }
    expect(statuses).toEqual([[403], [403], [403], [403]]);
    await breakOffMany(port, key, path);
    expect(simulator.requests).toEqual([]);
    expect((await ask(port, { path, headers: own, body: '{"query":"{ __typename }"}' })).status).toBe(200);
  },
);
