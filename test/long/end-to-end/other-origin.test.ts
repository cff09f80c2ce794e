import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Server } from 'node:net';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startDev } from '../../../cli/commands/run-dev.ts';
import { startEmbeddedStack } from '../../../local/embedded-stack.ts';
import { chromiumPath, startChromium } from '../../support/chromium.ts';
import { patience } from '../../support/patience.ts';
import { breakOffMany } from '../../support/stranger.ts';

if (chromiumPath === undefined)
  console.warn('No Chromium on the PATH: what a page of another origin reaches is not tested in a browser.');

/** A page without anything in it, at an address of its own. */
async function strangePage(): Promise<string> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Prize</title>'),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** All that a page can do to a port, in the page. Gives what it could read. */
async function attack({ port, table }: { port: number; table: string }): Promise<string[]> {
  const Credential = 'local/20260101/eu-west-3/dynamodb/aws4_request';
  const aws = (target: string, content: object) => ({
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${Credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(content),
  });
  const graphql = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer demo-clavus-key',
      'x-api-key': 'demo-moovago-key',
    },
    body: '{"query":"{ __typename }"}',
  };
  const plain = (body: string) => ({ method: 'POST', headers: { 'content-type': 'text/plain' }, body });
  const form = { method: 'POST', body: new URLSearchParams({ Action: 'SendMessage', MessageBody: 'a' }) };
  const requests: [string, RequestInit][] = [
    ['/', {}],
    ['/health', {}],
    ['/board.json', {}],
    ['/_fauxqs/queues', {}],
    ['/', aws('DynamoDB_20120810.Scan', { TableName: table })],
    ['/', aws('DynamoDB_20120810.DeleteTable', { TableName: table })],
    ['/', form],
    [`/000000000000/${table}-changes`, form],
    ['/actions', plain('{"action":"add"}')],
    ['/api/external/graphql', graphql],
    ['/graphql', graphql],
    ['/graphql', plain(graphql.body)],
  ];
  const read: string[] = [];
  for (const [path, request] of requests) {
    for (const mode of ['cors', 'no-cors'] as const) {
      const said = await fetch(`http://127.0.0.1:${port}${path}`, { ...request, mode }).then(
        (response) => response.text(),
        () => '',
      );
      if (said !== '') read.push(`${path}: ${said}`);
    }
  }
  // A text of this size would take Chromium a second each time.
  const body = new Blob(['x'.repeat(4_000_000)]);
  const breakOff = (index: number) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), index % 20);
    return fetch(`http://127.0.0.1:${port}/`, {
      ...(index % 2 === 0 ? plain('') : aws('DynamoDB_20120810.Scan', {})),
      body,
      mode: index % 2 === 0 ? 'no-cors' : 'cors',
      signal: controller.signal,
    }).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 60 }, (_, index) => breakOff(index)));
  return read;
}

it.skipIf(chromiumPath === undefined)(
  'A page of another origin reads nothing of any port, changes nothing, and ends nothing',
  async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const dev = await startDev({ folders: 12, port: 0 }, () => {});
    onTestFinished(() => dev[Symbol.asyncDispose]());
    const stack = await startEmbeddedStack({ stage: 'test', environment: {}, isolated: true });
    onTestFinished(() => stack.close());
    const servers = listen.mock.contexts as unknown as Server[];
    listen.mockRestore();
    const ports = [...new Set(servers.map((server) => (server.address() as AddressInfo).port))];
    // Both simulated systems, the page, and the door of functions that run apart: no port of a table or a queue.
    expect(ports).toHaveLength(4);
    await vi.waitUntil(() => dev.world.moovago.companies.size === 8, patience);

    const [table = ''] = stack.tableNames;
    const Key = { pk: { S: 'FOLDER#f1' }, sk: { S: 'ROW' } };
    const Item = { ...Key, name: { S: 'Dupont' }, phone: { S: '06 12 34 56 78' } };
    await stack.dynamodb.send(new PutItemCommand({ TableName: table, Item }));

    const browser = await startChromium();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(await strangePage());
    for (const port of ports)
      expect({ port, read: await page.evaluate(attack, { port, table }) }).toEqual({ port, read: [] });
    for (const port of ports) await breakOffMany(port, {});

    expect(await stack.dynamodb.send(new GetItemCommand({ TableName: table, Key }))).toMatchObject({ Item });
    expect(await stack.queueDepth()).toEqual({ waiting: 0, inFlight: 0 });
    expect(dev.world.clavus.folders.size).toBe(12);
    // What runs goes on: an edit on our own page arrives.
    const [folderId = ''] = [...dev.world.clavus.folders.keys()];
    const { origin, hash } = new URL(dev.url);
    const headers = {
      origin,
      'content-type': 'application/json',
      authorization: `Bearer ${hash.slice(1)}`,
    };
    const body = JSON.stringify({ action: 'edit', folderId, values: { ville: 'Hyères' } });
    expect((await fetch(`${origin}/actions`, { method: 'POST', headers, body })).status).toBe(200);
    const isThere = () => [...dev.world.moovago.companies.values()].some(({ city }) => city === 'Hyères');
    await vi.waitUntil(isThere, patience);
  },
);
