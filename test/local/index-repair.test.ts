import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { lockDataDir } from '../../local/data-dir-lock.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../../local/embedded-stack.ts';
import { repairIndexes } from '../../local/index-repair.ts';
import { readStack } from '../../local/template.ts';

const root = fileURLToPath(new URL('./fixtures', import.meta.url));
const { Level } = createRequire(createRequire(import.meta.url).resolve('dynalite'))('level');

const start = (dataDir: string) => startEmbeddedStack({ stage: 'dev', environment: {}, root, dataDir });

/** dynalite's own entries of the index, as they lie on the disk; `change` edits them. */
async function editIndex(dataDir: string, change: (entries: Map<string, unknown>) => void): Promise<void> {
  const level = new Level(join(dataDir, 'dynamodb'), { valueEncoding: 'json' });
  const range = { gte: 'index-global~', lt: 'index-global~\xff' };
  const entries = new Map<string, unknown>(await level.iterator(range).all());
  await level.clear(range);
  change(entries);
  await level.batch([...entries].map(([key, value]) => ({ type: 'put', key, value })));
  await level.close();
}

async function put({ dynamodb, tableNames }: EmbeddedStack, pk: string, at?: number): Promise<void> {
  const due: Record<string, AttributeValue> =
    at === undefined ? {} : { lane: { S: 'live' }, at: { N: String(at) } };
  const Item = { pk: { S: pk }, kept: { S: `of ${pk}` }, ...due };
  await dynamodb.send(new PutItemCommand({ TableName: tableNames[0], Item }));
}

async function scan({ dynamodb, tableNames }: EmbeddedStack, IndexName?: string) {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tableNames[0], IndexName }));
  return Items.map(({ pk, at, kept }) => [pk?.S, at?.N, kept?.S]).toSorted();
}

/** One item for each way in which a process can be killed, and one that is as it should be. */
async function interruptedDataDir(): Promise<string> {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'index-')), 'data');
  const before = await start(dataDir);
  await put(before, 'moved', 5);
  await put(before, 'done', 6);
  await put(before, 'gone', 4);
  await before.close();

  const stale = new Map<string, unknown>();
  await editIndex(dataDir, (entries) => {
    for (const [key, value] of entries) stale.set(key, value);
  });

  const between = await start(dataDir);
  await put(between, 'moved', 7);
  await put(between, 'done');
  await between.dynamodb.send(
    new DeleteItemCommand({ TableName: between.tableNames[0], Key: { pk: { S: 'gone' } } }),
  );
  await put(between, 'lost', 8);
  await put(between, 'fine', 9);
  await between.close();
  await editIndex(dataDir, (entries) => {
    for (const [key, value] of entries) if (/lost|"7"/.test(JSON.stringify(value))) entries.delete(key);
    for (const [key, value] of stale) entries.set(key, value);
  });
  return dataDir;
}

const repaired = [
  ['fine', '9', undefined],
  ['lost', '8', undefined],
  ['moved', '7', undefined],
];

it('brings back index entries that are missing, and takes away those that lead nowhere', async () => {
  const after = await start(await interruptedDataDir());
  expect(await scan(after, 'due')).toEqual([
    ['done', '6', undefined],
    ['fine', '9', undefined],
    ['gone', '4', undefined],
    ['moved', '5', undefined],
  ]);
  const [table] = readStack(root, { stage: 'dev', environment: {} }).tables;
  if (!table) throw new Error('no table');
  expect(await repairIndexes(after.dynamodb, table)).toBe(5);
  expect(await scan(after, 'due')).toEqual(repaired);
  expect(await scan(after)).toEqual([
    ['done', undefined, 'of done'],
    ['fine', '9', 'of fine'],
    ['lost', '8', 'of lost'],
    ['moved', '7', 'of moved'],
  ]);
  expect(await repairIndexes(after.dynamodb, table)).toBe(0);
  await after.close();
});

it('happens by itself when the last process was cut off', async () => {
  const dataDir = await interruptedDataDir();
  lockDataDir(dataDir).release(true);
  const after = await start(dataDir);
  expect(await scan(after, 'due')).toEqual(repaired);
  await after.close();
  expect(lockDataDir(dataDir).wasInterrupted).toBe(false);
});
