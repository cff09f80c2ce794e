/** Reads the fingerprints of all folders, as the poll does it and as it is done most often. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { chunks } from '../../lib/framework/chunks.ts';
import { inParallel } from '../../lib/framework/in-parallel.ts';
import { createFingerprints } from '../../lib/state/fingerprints.ts';
import { documentClient, queryPages, type Table } from '../../lib/state/table.ts';
import { answerParent } from './answer-parent.ts';

const asked = z.object({ tableName: z.string(), folders: z.number() });
const client = documentClient(new DynamoDBClient({}));

/** Twice as many at a time as the poll has: these answers are small. */
const atOnce = 4;

async function timed(read: () => Promise<number>, folders: number): Promise<{ elapsedMs: number }> {
  const startedAt = performance.now();
  const found = await read();
  if (found !== folders) throw new Error(`${found} fingerprints were read of ${folders}`);
  return { elapsedMs: performance.now() - startedAt };
}

/** The fingerprints' partitions are numbered from 0; far fewer than this. */
const shardsMax = 64;

async function keysOf(table: Table): Promise<{ pk: string; sk: string }[]> {
  const keys: { pk: string; sk: string }[] = [];
  for (let shard = 0; shard < shardsMax; shard++) {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `F#${shard}` } };
    for await (const { Items = [] } of queryPages(table, query))
      for (const { pk, sk } of Items) keys.push({ pk: String(pk), sk: String(sk) });
  }
  return keys;
}

let keys: { pk: string; sk: string }[] = [];

answerParent({
  load: (argument) => {
    const { tableName, folders } = asked.parse(argument);
    const { load } = createFingerprints({ client, name: tableName });
    return timed(async () => (await load()).size, folders);
  },
  /** Where the fingerprints are: what whoever asks for them by folder knows beforehand. */
  learnKeys: async (argument) => {
    keys = await keysOf({ client, name: asked.parse(argument).tableName });
  },
  batchGet: (argument) => {
    const { tableName, folders } = asked.parse(argument);
    const prints = new Map<unknown, unknown>();
    const readBatch = async (Keys: Record<string, unknown>[]) => {
      const { Responses } = await client.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys } } }),
      );
      for (const { sk, h } of Responses?.[tableName] ?? []) prints.set(sk, h);
    };
    return timed(async () => {
      await inParallel(chunks(keys, 100), readBatch, atOnce);
      return prints.size;
    }, folders);
  },
});
