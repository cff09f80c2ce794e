import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type EmbeddedStack,
  type EmbeddedStackOptions,
  startEmbeddedStack,
} from '../../local/embedded-stack.ts';
import { patience } from '../support/patience.ts';

const root = fileURLToPath(new URL('./fixtures', import.meta.url));
const stacks: EmbeddedStack[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
});

async function start(options: Partial<EmbeddedStackOptions> = {}): Promise<EmbeddedStack> {
  const stack = await startEmbeddedStack({ stage: 'dev', environment: {}, root, ...options });
  stacks.push(stack);
  return stack;
}

const newDataDir = () => join(mkdtempSync(join(tmpdir(), 'stack-')), 'data');

describe('an embedded stack', () => {
  it('opens no port', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const stack = await start();
    await put(stack, 'a');
    expect(await stack.queueDepth()).toEqual({ waiting: 0, inFlight: 0 });
    expect(listen).not.toHaveBeenCalled();
    listen.mockRestore();
  });

  it('has one port, on 127.0.0.1 only, where its functions are isolated', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    await start({ isolated: true });
    const servers = listen.mock.contexts as unknown as Server[];
    expect(servers.map((server) => server.address())).toEqual([
      { address: '127.0.0.1', family: 'IPv4', port: expect.any(Number) },
    ]);
    listen.mockRestore();
  });

  it('gives a function what the file, the caller and Lambda give it', async () => {
    const stack = await start({
      environment: { FROM_OUTSIDE: 'outside', OWN: 'overridden', ADDED: 'added' },
      isolated: true,
    });
    const { AWS_ENDPOINT_URL_SQS: sqs = '' } = stack.environmentOf('echo');
    const answer = await stack.invoke('echo', {});
    const { environment } = answer as { environment: Record<string, string> };
    expect(environment).toMatchObject({
      TABLE_NAME: 'fixture-dev',
      QUEUE_URL: `${sqs}/000000000000/fixture-dev-WorkQueue`,
      FROM_OUTSIDE: 'outside',
      OWN: 'overridden',
      ADDED: 'added',
      AWS_REGION: 'eu-west-3',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^[0-9a-f]{64}$/),
      AWS_ENDPOINT_URL_SQS: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_ENDPOINT_URL_DYNAMODB: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'fixture-dev-echo',
    });
    expect(environment).toMatchObject(stack.environmentOf('echo'));
    expect(environment).not.toHaveProperty('PATH');
  });

  it('lets a function reach the table and the queue by their usual clients, and nothing else of AWS', async () => {
    const stack = await start({ isolated: true });
    expect(await stack.invoke('useServices', {})).toEqual({ parameter: 'connect ECONNREFUSED 127.0.0.1:1' });
    expect(await has(stack, 'from a function')).toBe(true);
    expect(await stack.queueDepth()).toEqual({ waiting: 1, inFlight: 0 });
  });

  it('brings messages to their function, and those that keep failing to the dead letters', async () => {
    const lines: string[] = [];
    const stack = await start({ isolated: true, onLog: (name, line) => lines.push(`${name}: ${line}`) });
    const work = stack.queues.get('WorkQueue');
    const dead = stack.queues.get('DeadQueue');
    for (const MessageBody of ['good', 'bad']) {
      await stack.sqs.send(new SendMessageCommand({ QueueUrl: work?.url, MessageBody }));
    }
    expect(await stack.queueDepth()).toEqual({ waiting: 2, inFlight: 0 });
    // The queue's clock: its visibility time-out is over when the test says so, and not when the machine is slow.
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
    stack.startMappings();
    for (const time of [1, 2]) {
      await vi.waitFor(() => expect(lines).toContain(`reportPartly: bad ${time}`), patience);
      const isLeft = async () =>
        expect([await stack.queueDepth(), stack.idle()]).toEqual([{ waiting: 0, inFlight: 1 }, true]);
      await vi.waitFor(isLeft, patience);
      vi.setSystemTime(Date.now() + 3_601_000);
    }
    await vi.waitFor(async () => {
      const { Messages = [] } = await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead?.url }));
      expect(Messages.map(({ Body }) => Body)).toEqual(['bad']);
    }, patience);
    expect(await stack.queueDepth()).toEqual({ waiting: 0, inFlight: 0 });
    await vi.waitFor(() => expect(stack.idle()).toBe(true), patience);
    expect(lines.toSorted()).toEqual(['reportPartly: bad 1', 'reportPartly: bad 2', 'reportPartly: good 1']);
  });

  it('runs schedules, and tells what the functions answer', async () => {
    const stack = await start({ isolated: true });
    const answered = Promise.withResolvers<[string, unknown]>();
    stack.startSchedules((name, answer) => answered.resolve([name, answer]));
    const [name, answer] = await answered.promise;
    expect(name).toBe('echo');
    expect(answer).toMatchObject({ event: { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' } });
  });

  it('uses the services that it is given, and what is already there', async () => {
    const given = await start({ isolated: true });
    await put(given, 'a');
    const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS, AWS_ACCESS_KEY_ID } =
      given.environmentOf('echo');
    const environment = { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS, AWS_ACCESS_KEY_ID };
    const listen = vi.spyOn(Server.prototype, 'listen');
    const stack = await start({ environment });
    expect(listen).not.toHaveBeenCalled();
    listen.mockRestore();
    expect(stack.environmentOf('echo')).toMatchObject(environment);
    expect(await has(stack, 'a')).toBe(true);
    const other = await start({ environment, stage: 'other' });
    expect(await has(other, 'a')).toBe(false);
  });

  it('has another key at each start, which stands beside a given address only if it is that service’s', async () => {
    const first = (await start({ isolated: true })).environmentOf('echo');
    const given = { AWS_ACCESS_KEY_ID: 'given' };
    const second = (await start({ isolated: true, environment: given })).environmentOf('echo');
    const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ACCESS_KEY_ID } = first;
    const third = await start({
      isolated: true,
      environment: { AWS_ENDPOINT_URL_DYNAMODB, AWS_ACCESS_KEY_ID },
    });
    const keys = [first, second, third.environmentOf('echo')].map(({ AWS_ACCESS_KEY_ID: key }) => key);
    expect(new Set([...keys, 'given']).size).toBe(3);
    expect(keys[2]).toBe(keys[0]);
    expect(await third.invoke('useServices', {})).toEqual({
      parameter: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('closes when its signal says so, and does not start after that', async () => {
    const controller = new AbortController();
    const stack = await start({ signal: controller.signal, isolated: true });
    const { AWS_ENDPOINT_URL_SQS: sqs = '' } = stack.environmentOf('echo');
    controller.abort();
    await stack.close();
    await expect(fetch(sqs)).rejects.toThrow('fetch failed');
    await expect(start({ signal: controller.signal })).rejects.toThrow('aborted');
  });
});

describe('a data directory', () => {
  it('keeps the table over a restart', async () => {
    const dataDir = newDataDir();
    const first = await start({ dataDir });
    await put(first, 'a');
    await first.close();
    expect(await has(await start({ dataDir }), 'a')).toBe(true);
  });

  it('belongs to one stack at a time', async () => {
    const dataDir = newDataDir();
    await start({ dataDir });
    await expect(start({ dataDir })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${dataDir}: another process uses this directory. End it first, or name another directory.`,
    });
  });

  it('is told from one that cannot be written', async () => {
    const file = newDataDir();
    writeFileSync(file, '');
    await expect(start({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${join(file, 'data')}: this directory cannot be written (ENOTDIR).`,
    });
  });

  it('loses nothing that was confirmed, and no way to it, when the process is killed in the middle of writing', async () => {
    const dataDir = newDataDir();
    const confirmed = new Map<string, number>();
    for (let round = 0; round < 2; round += 1) {
      await writeUntilKilled(dataDir, round, confirmed);
      const stack = await start({ dataDir });
      const items = await scan(stack);
      for (const [pk, index] of confirmed) expect(items.get(pk)?.index).toBeGreaterThanOrEqual(index);
      const due = [...items].filter(([, { at }]) => at !== undefined).map(([pk, { at }]) => [pk, at]);
      const indexed = [...(await scan(stack, 'due'))].map(([pk, { at }]) => [pk, at]);
      expect(indexed.toSorted()).toEqual(due.toSorted());
      await stack.close();
    }
    expect(confirmed.size).toBeGreaterThan(10);
  });
});

async function put({ dynamodb, tableNames }: EmbeddedStack, pk: string): Promise<void> {
  await dynamodb.send(new PutItemCommand({ TableName: tableNames[0], Item: { pk: { S: pk } } }));
}

async function has({ dynamodb, tableNames }: EmbeddedStack, pk: string): Promise<boolean> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableNames[0], Key: { pk: { S: pk } } }),
  );
  return Item !== undefined;
}

async function scan({ dynamodb, tableNames }: EmbeddedStack, IndexName?: string) {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tableNames[0], IndexName }));
  return new Map(Items.map(({ pk, index, at }) => [pk?.S ?? '', { index: Number(index?.N), at: at?.N }]));
}

/** What was confirmed goes to `confirmed`, the newest index for each key. */
async function writeUntilKilled(
  dataDir: string,
  round: number,
  confirmed: Map<string, number>,
): Promise<void> {
  const script = join(root, 'write-until-killed.ts');
  const child = spawn(process.execPath, [script, dataDir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    const [pk = '', index] = line.split(' ');
    confirmed.set(pk, Number(index));
    lines += 1;
    if (lines === 300 + round) child.kill('SIGKILL');
  }
  await exited;
}
