import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { startCountingTable } from '../../../bench/table/counting-table.ts';
import { documentClient, queryPages, type Table } from '../../../lib/state/table.ts';
import { provisionTables } from '../../../local/provision-tables.ts';
import { readStack } from '../../../local/template.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const counting = await startCountingTable();
const dynamodb = new DynamoDBClient({ endpoint: counting.endpoint, region: 'eu-west-3', credentials });
const table: Table = { client: documentClient(dynamodb), name: 'clavus-moovago-test' };

/** Partitions of `F` are the bench's own, those of `G` are dynalite's: both are asked the same. */
const kinds = ['F', 'G'] as const;
type Kind = (typeof kinds)[number];

async function fill(pk: string, count: number, bytes: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => ({
    pk,
    sk: `clsc${String((index * 7919) % count).padStart(6, '0')}`,
    h: new Uint8Array(bytes).fill(index),
  }));
  for (let start = 0; start < count; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: requests } }));
  }
}

/** The pages of a partition, as ids and values, with what they cost. */
async function pagesOf(kind: Kind, shard: string) {
  counting.counts.take();
  const query = {
    KeyConditionExpression: 'pk = :shard',
    ExpressionAttributeValues: { ':shard': `${kind}#${shard}` },
  };
  const pages: string[][] = [];
  for await (const { Items = [] } of queryPages(table, query))
    pages.push(Items.map(({ sk, h }) => `${sk} ${Buffer.from(h).toString('hex').slice(0, 16)}`));
  const [cost] = counting.counts.take();
  return { pages, calls: cost?.calls, readUnits: cost?.readUnits };
}

describe("the bench's own partitions", () => {
  beforeAll(async () => {
    const { tables } = readStack(process.cwd(), { stage: 'test', environment: {} });
    await provisionTables(dynamodb, tables);
    for (const kind of kinds) {
      await fill(`${kind}#small`, 200, 8);
      await fill(`${kind}#large`, 600, 4000);
    }
    return () => {
      dynamodb.destroy();
      counting.close();
    };
  });

  it("give fingerprints in dynalite's order, for the same read units", async () => {
    const ours = await pagesOf('F', 'small');
    expect(ours).toEqual(await pagesOf('G', 'small'));
    expect(ours.pages.map((page) => page.length)).toEqual([200]);
    // 200 items of 7 + 2 + 10 + 2 + 1 + 8 = 30 bytes are 6000 bytes: two pieces of 4 kB, at half a unit each.
    expect(ours.readUnits).toBe(1);
  });

  it("end their pages where dynalite's end, and go on from there", async () => {
    const ours = await pagesOf('F', 'large');
    expect(ours).toEqual(await pagesOf('G', 'large'));
    expect(ours.pages.length).toBe(3);
    expect(ours.pages.flat().length).toBe(600);
  });

  it('are empty where nothing was put', async () => {
    expect(await pagesOf('F', 'none')).toEqual({ ...(await pagesOf('G', 'none')), pages: [[]] });
  });

  it('give items by their keys, and bill half a unit for each', async () => {
    const read = async (kind: Kind) => {
      counting.counts.take();
      const Keys = ['clsc000000', 'clsc000150', 'nobody'].map((sk) => ({ pk: `${kind}#small`, sk }));
      const { Responses } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys } } }),
      );
      const [cost] = counting.counts.take();
      const found = (Responses?.[table.name] ?? []).map(
        ({ sk, h }) => `${sk} ${Buffer.from(h).toString('hex')}`,
      );
      return { found: found.sort(), readUnits: cost?.readUnits };
    };
    const ours = await read('F');
    expect(ours).toEqual(await read('G'));
    expect(ours.found.length).toBe(2);
    expect(ours.readUnits).toBe(1.5);
  });
});
