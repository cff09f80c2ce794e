import { hash } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';
import { FingerprintMap } from './fingerprint-map.ts';
import { queryPages, type Table } from './table.ts';

const shards = ['F#0', 'F#1', 'F#2', 'F#3', 'F#4', 'F#5', 'F#6', 'F#7'] as const;
/** A page of a megabyte becomes some 10 MB of objects while it is read. */
const shardsAtOnce = 2;
const itemsPerWrite = 25;
const unprocessedRoundsMax = 8;

type Fingerprint = { folderId: string; fingerprint: Uint8Array };
type Request =
  | { PutRequest: { Item: Record<string, unknown> } }
  | { DeleteRequest: { Key: Record<string, unknown> } };

const shardOf = (folderId: string) =>
  shards[(hash('sha1', folderId, 'buffer')[0] ?? 0) % shards.length] ?? shards[0];

export type Fingerprints = ReturnType<typeof createFingerprints>;

/**
 * The fingerprint of each folder's mapped record, as the last poll wrote it. It has 8 bytes, in an item as small as
 * possible. So a `Query` reads about 190 of them for one read unit.
 */
export function createFingerprints(table: Table) {
  const { client, name: TableName } = table;

  async function readShard(
    shard: string,
    take: (folderId: string, fingerprint: Uint8Array) => void,
  ): Promise<void> {
    const query = { KeyConditionExpression: 'pk = :shard', ExpressionAttributeValues: { ':shard': shard } };
    for await (const { Items = [] } of queryPages(table, query))
      for (const { sk, h } of Items) if (h instanceof Uint8Array) take(String(sk), h);
  }

  async function load(): Promise<FingerprintMap> {
    const map = new FingerprintMap();
    await inParallel(shards, (shard) => readShard(shard, (id, print) => map.set(id, print)), shardsAtOnce);
    return map;
  }

  /** The folders that have a fingerprint and pass `isPicked`. */
  async function folderIds(isPicked: (folderId: string) => boolean): Promise<string[]> {
    const picked: string[] = [];
    const take = (folderId: string) => void (isPicked(folderId) && picked.push(folderId));
    await inParallel(shards, (shard) => readShard(shard, take), shardsAtOnce);
    return picked;
  }

  async function writeBatch(batch: readonly Request[]): Promise<void> {
    let requests = [...batch];
    for (let round = 0; requests.length > 0; round++) {
      if (round === unprocessedRoundsMax)
        throw new Error('DynamoDB left fingerprints unwritten, round after round');
      const answer = await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
      const left = answer.UnprocessedItems?.[TableName] ?? [];
      requests = left.flatMap(({ PutRequest, DeleteRequest }): Request[] => {
        if (PutRequest?.Item) return [{ PutRequest: { Item: PutRequest.Item } }];
        return DeleteRequest?.Key ? [{ DeleteRequest: { Key: DeleteRequest.Key } }] : [];
      });
    }
  }

  /** Saves fingerprints. If a folder occurs more than once, its last one counts. */
  async function save(entries: readonly Fingerprint[]): Promise<void> {
    const newest = [...new Map(entries.map((entry) => [entry.folderId, entry])).values()];
    await writeAll(
      newest.map(({ folderId, fingerprint }) => ({
        PutRequest: { Item: { pk: shardOf(folderId), sk: folderId, h: fingerprint } },
      })),
    );
  }

  /** Forgets folders that are gone. */
  async function remove(ids: readonly string[]): Promise<void> {
    const distinct = [...new Set(ids)];
    await writeAll(
      distinct.map((folderId) => ({ DeleteRequest: { Key: { pk: shardOf(folderId), sk: folderId } } })),
    );
  }

  async function writeAll(requests: readonly Request[]): Promise<void> {
    await inParallel(chunks(requests, itemsPerWrite), writeBatch, 4);
  }

  return { load, save, remove, folderIds };
}
