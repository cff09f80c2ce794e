import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClavusSimulator, startClavusSimulator } from '../../../local/simulators/clavus.ts';
import type { Fault } from '../../../local/simulators/faults.ts';
import { type MoovagoSimulator, startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { ask, post } from './ask.ts';
import { tenantOf } from './guide-tenant.ts';

let moovago: MoovagoSimulator;
beforeEach(async () => {
  moovago = await startMoovagoSimulator({ key: 'k', requestsPerSecond: 1000 });
});
afterEach(() => moovago.close());

const create = 'mutation { w0: company { create(input: { name: "A" }) { recordId } } }';
const send = (query = create) => post(moovago.url, { 'x-api-key': 'k' }, { query });
const outcomes = () => moovago.requests.map(({ outcome }) => outcome);

describe('Faults that answer with a status', () => {
  it.each([429, 500, 502, 503, 401, 403])('%i without effect', async (status) => {
    moovago.faults.order({ kind: 'status', status });
    const response = await send();
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(moovago.companies.size).toBe(0);
    expect(moovago.requests).toMatchObject([{ status, outcome: 'status' }]);
  });

  it('with a Retry-After', async () => {
    moovago.faults.order({ kind: 'status', status: 429, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect((await send()).headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });

  it('502 after the effect', async () => {
    moovago.faults.order({ kind: 'statusAfter', status: 502 });
    expect((await send()).status).toBe(502);
    expect(moovago.companies.size).toBe(1);
  });

  it('a redirect, or whatever else', async () => {
    const headers = { location: 'https://elsewhere.invalid/' };
    moovago.faults.order({ kind: 'answer', status: 302, body: '', headers });
    const response = await send();
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      302,
      'https://elsewhere.invalid/',
      '',
    ]);
    expect(moovago.companies.size).toBe(0);
  });
});

describe('Faults that spoil the answer', () => {
  it('a page in HTML, without effect', async () => {
    moovago.faults.order({ kind: 'html' });
    const response = await send();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('<!doctype html>');
    expect(moovago.companies.size).toBe(0);
  });

  it('JSON that breaks off, after the effect', async () => {
    moovago.faults.order({ kind: 'cutJson' });
    const text = await (await send()).text();
    expect(text.startsWith('{"data"')).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
    expect(moovago.companies.size).toBe(1);
  });

  it('JSON that was changed, after the effect', async () => {
    moovago.faults.order({
      kind: 'rewrite',
      change: () => ({ data: { w0: { create: { recordId: null } } } }),
    });
    expect(await (await send()).json()).toEqual({ data: { w0: { create: { recordId: null } } } });
    expect(moovago.companies.size).toBe(1);
  });
});

describe('Faults that never answer', () => {
  it.each<[Fault['kind'] & ('reset' | 'resetAfter'), number]>([
    ['reset', 0],
    ['resetAfter', 1],
  ])('%s leaves %i companies', async (kind, companies) => {
    moovago.faults.order({ kind });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(moovago.companies.size).toBe(companies);
    expect(moovago.requests).toMatchObject([{ status: null, outcome: kind }]);
  });

  it.each<[Fault['kind'] & ('timeoutBefore' | 'timeoutAfter'), number]>([
    ['timeoutBefore', 0],
    ['timeoutAfter', 1],
  ])('%s leaves %i companies and does not keep the simulator from closing', async (kind, companies) => {
    moovago.faults.order({ kind });
    const answer = send().catch(() => 'cut off');
    while (outcomes()[0] !== kind) await sleep(1);
    expect(moovago.companies.size).toBe(companies);
    await moovago.close();
    expect(await answer).toBe('cut off');
  });

  it('a latency does not keep it from closing either', async () => {
    moovago.faults.order({ kind: 'latency', ms: 3_600_000 });
    const answer = send().catch(() => 'cut off');
    while (outcomes().length === 0) await sleep(1);
    await moovago.close();
    expect(await answer).toBe('cut off');
    expect(moovago.companies.size).toBe(0);
  });
});

describe('Latency', () => {
  it('comes before the effect', async () => {
    moovago.faults.order({ kind: 'latency', ms: 30 });
    const started = performance.now();
    await send();
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
    expect(outcomes()).toEqual(['answered']);
  });

  it('with a time-out makes a write that lands after its caller has gone', async () => {
    moovago.faults.order({ kind: 'latency', ms: 1_000 });
    moovago.faults.order({ kind: 'timeoutAfter' });
    const caller = new AbortController();
    const body = JSON.stringify({ query: create });
    const headers = { 'x-api-key': 'k', 'content-type': 'application/json' };
    const answer = fetch(moovago.url, { method: 'POST', headers, body, signal: caller.signal });
    while (moovago.requests.length === 0) await sleep(1);
    caller.abort();
    await expect(answer).rejects.toThrow();
    expect(moovago.companies.size).toBe(0);
    while (moovago.companies.size === 0) await sleep(1);
    expect(outcomes()).toEqual(['timeoutAfter']);
  });
});

describe('Errors on a path', () => {
  const two = `mutation {
    w0: company { create(input: { name: "A" }) { recordId } }
    w1: company { create(input: { name: "B" }) { recordId } }
  }`;
  const names = () => [...moovago.companies.values()].map(({ name }) => name);

  it.each([
    ['w1', false, ['A']],
    ['w1.create', true, ['A', 'B']],
    ['company.create', false, []],
  ])('%s, applied %s', async (path, applied, expected) => {
    moovago.faults.order({ kind: 'errorOnPath', path, message: 'No', applied });
    const json = (await (await send(two)).json()) as { data: unknown; errors: { path: string[] }[] };
    expect(names()).toEqual(expected);
    expect(json.data).toMatchObject({ w1: { create: null } });
    expect(json.errors.at(-1)).toEqual({
      message: 'No',
      locations: [],
      errorType: 'DataFetchingException',
      path: ['w1', 'create'],
      extensions: null,
    });
    expect(outcomes()).toEqual(['errors']);
  });

  it('wait for a request that has the path', async () => {
    moovago.faults.order({ kind: 'errorOnPath', path: 'w1', message: 'No' });
    expect(await (await send()).json()).not.toHaveProperty('errors');
    expect(await (await send(two)).json()).toHaveProperty('errors');
    expect(moovago.faults.open).toBe(0);
  });

  it('may be several in one request', async () => {
    moovago.faults.order({ kind: 'errorOnPath', path: 'w0', message: 'No' });
    moovago.faults.order({ kind: 'errorOnPath', path: 'w1', message: 'Nor this', applied: true });
    const { errors } = (await (await send(two)).json()) as { errors: { message: string }[] };
    expect(errors.map(({ message }) => message)).toEqual(['No', 'Nor this']);
  });
});

describe('Ordering', () => {
  it('strikes one request after the other, in the order of the orders', async () => {
    moovago.faults.order({ kind: 'status', status: 503 }, { times: 2 });
    moovago.faults.order({ kind: 'statusAfter', status: 500 });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await send()).status);
    expect(statuses).toEqual([503, 503, 500, 200]);
  });

  it('strikes those that it is meant for', async () => {
    moovago.faults.order({ kind: 'status', status: 500 }, { when: ({ operation }) => operation === 'team' });
    expect((await send()).status).toBe(200);
    expect((await send('{ team { id } }')).status).toBe(500);
  });

  it('can be taken back', async () => {
    moovago.faults.order({ kind: 'status', status: 500 }, { times: Number.POSITIVE_INFINITY });
    expect((await send()).status).toBe(500);
    moovago.faults.clear();
    expect((await send()).status).toBe(200);
  });

  it('spares requests that are refused for their key', async () => {
    moovago.faults.order({ kind: 'status', status: 500 });
    expect((await post(moovago.url, {}, { query: create })).status).toBe(401);
    expect(moovago.faults.open).toBe(1);
  });
});

describe('Faults of getFolders', () => {
  let clavus: ClavusSimulator;
  beforeEach(async () => {
    const columns = [{ id: 'c1', name: 'nom', label: 'Nom' }];
    const tenant = tenantOf(columns, [
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
    ]);
    clavus = await startClavusSimulator({ key: 'k', tenant });
  });
  afterEach(() => clavus.close());

  async function page(args: string): Promise<unknown> {
    const query = `{ erpEnrAPI { getFolders(${args}) { totalCount results { id } } } }`;
    const { json } = await ask(clavus.url, { authorization: 'Bearer k' }, query);
    return (json as { data: { erpEnrAPI: { getFolders: unknown } } }).data.erpEnrAPI.getFolders;
  }

  it('an empty list', async () => {
    clavus.faults.order({ kind: 'missingFolders', ids: 'all' });
    expect(await page('page: 1, itemParPage: 9')).toEqual({ totalCount: 0, results: [] });
  });

  it('folders that are missing once', async () => {
    clavus.faults.order({ kind: 'missingFolders', ids: ['b'] });
    expect(await page('page: 1, itemParPage: 2')).toEqual({
      totalCount: 2,
      results: [{ id: 'a' }, { id: 'c' }],
    });
    expect(await page('page: 1, itemParPage: 2')).toEqual({
      totalCount: 3,
      results: [{ id: 'a' }, { id: 'b' }],
    });
  });

  it('the same page for ever', async () => {
    clavus.faults.order({ kind: 'ignoreArguments', names: ['page'] }, { times: Number.POSITIVE_INFINITY });
    expect(await page('page: 2, itemParPage: 1')).toEqual({ totalCount: 3, results: [{ id: 'a' }] });
    expect(await page('page: 3, itemParPage: 1')).toEqual({ totalCount: 3, results: [{ id: 'a' }] });
  });

  it('a filter that is ignored', async () => {
    const filtered = 'page: 1, itemParPage: 9, filterColumns: [{ column: "nom", operator: "=", value: "B" }]';
    clavus.faults.order({ kind: 'ignoreArguments', names: ['filterColumns', 'sortBy'] });
    expect(await page(filtered)).toMatchObject({ totalCount: 3 });
    expect(await page(filtered)).toEqual({ totalCount: 1, results: [{ id: 'b' }] });
  });
});
