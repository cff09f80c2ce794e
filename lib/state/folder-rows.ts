import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';
import type { EntityName } from '../moovago/entities/entity.ts';
import type { Lane } from '../moovago/slot.ts';
import { type FolderRow, isOfNewerCode, readRow } from './folder-row.ts';
import { readRowId, rowIdOf, rowKey } from './row-id.ts';
import { batchGet, deleteRevision, holds, putRevision, queryPages, scanPages, type Table } from './table.ts';
import { tableIndexes } from './table-schema.ts';

const { due: dueIndex, company: companyIndex } = tableIndexes;
const keysPerBatch = 100;
const conflictsMax = 10;

/** Returns the next content of a row; `undefined` if there is nothing to write. */
export type Transition = (row: FolderRow | undefined) => FolderRow | undefined;

/** Decides for a row only as it was read. If another process changed it meanwhile, that process decides. */
export const asRead =
  ({ revision }: FolderRow, transition: (row: FolderRow) => FolderRow | undefined): Transition =>
  (current) =>
    current?.revision === revision ? transition(current) : undefined;

/** An entry in the index of due rows. A candidate only: the index lags, so the row is read again before any action. */
export type DueEntry = { rowId: string; dueAt: number };

/**
 * A row that is due from this moment on, in milliseconds since the epoch, is held: it is a company that may not be created
 * yet. Nothing looks at it before creations may go on again. It is 1 January 2200.
 */
export const heldFrom = 7_258_118_400_000;

/** Where a held row is in the index of due rows: behind all others, in the order in which they came. */
export const heldAt = (dueAt: number): number => heldFrom + (dueAt % heldFrom);

export const isHeld = ({ dueAt }: { dueAt?: number | undefined }): boolean => (dueAt ?? 0) >= heldFrom;

/** `failed`: a person must act. `ignored`: a person left the folder out. */
export type DueLane = Lane | 'failed' | 'ignored';

export type FolderRows = ReturnType<typeof createFolderRows>;

/**
 * The rows, by row id; the row id of a folder's company is the folder's id. Reads are strongly consistent. Writes are
 * conditional on the revision that was read. A row of newer code is left aside: it is read as one that is left to a person,
 * and never written.
 * @param onNewer hears of such rows, each time they are read
 */
export function createFolderRows(
  table: Table,
  newId: () => string,
  onNewer: (rowIds: readonly string[]) => void = () => {},
) {
  const { client, name: TableName } = table;

  function rowsIn(items: readonly Record<string, unknown>[]): FolderRow[] {
    const found = items.map((item) => readRow(rowIdOf(item), item));
    const newer = found.filter(isOfNewerCode).map(({ folderId }) => folderId);
    if (newer.length > 0) onNewer(newer);
    return found;
  }

  const readBatch = async (rowIds: readonly string[]): Promise<FolderRow[]> =>
    rowsIn(await batchGet(table, rowIds.map(rowKey), 'rows'));

  async function read(rowIds: readonly string[]): Promise<Map<string, FolderRow>> {
    const distinct = [...new Set(rowIds)];
    const batches = chunks(distinct, keysPerBatch);
    const rows = (await inParallel(batches, readBatch, 4)).flat();
    return new Map(rows.map((row) => [row.folderId, row]));
  }

  /** The saved row, or the stored one if another process wrote it meanwhile. */
  const save = (before: FolderRow | undefined, after: FolderRow) =>
    putRevision(table, rowKey(after.folderId), { before, after, writeId: newId() }, async () =>
      (await read([after.folderId])).get(after.folderId),
    );

  /**
   * Applies a transition to the newest state of a row, again and again if other processes are faster.
   * @param known the row as it was just read (saves a read), or `undefined` if there was none
   * @returns the row as saved, or `undefined` if the transition had nothing to write, or newer code wrote the row
   * @throws Error after 10 conflicts
   */
  async function change(
    rowId: string,
    transition: Transition,
    known: FolderRow | undefined,
  ): Promise<FolderRow | undefined> {
    let row = known;
    for (let attempt = 0; attempt < conflictsMax; attempt++) {
      if (isOfNewerCode(row)) return undefined;
      const next = transition(row);
      if (next === undefined) return undefined;
      const result = await save(row, next);
      if ('saved' in result) return result.saved;
      row = result.found;
    }
    throw new Error(`Folder row ${rowId} was changed by others ${conflictsMax} times in a row`);
  }

  /** Deletes a row as it was read. @returns `false` if another process has written it since, or newer code has */
  const erase = async (row: FolderRow): Promise<boolean> =>
    !isOfNewerCode(row) && deleteRevision(table, rowKey(row.folderId), row);

  const dueQuery = (lane: DueLane, by: number) => ({
    IndexName: dueIndex.name,
    KeyConditionExpression: `${dueIndex.hash.name} = :lane AND ${dueIndex.range.name} <= :by`,
    ExpressionAttributeValues: { ':lane': lane, ':by': by },
  });

  /** The rows that are due in a lane by a moment, the longest due first, at most `limit`. */
  async function due(lane: DueLane, by: number, limit: number): Promise<DueEntry[]> {
    return firstOf({ ...dueQuery(lane, by), Limit: limit }, limit);
  }

  async function firstOf(query: Parameters<typeof queryPages>[1], limit: number): Promise<DueEntry[]> {
    const entries: DueEntry[] = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      for (const item of Items) entries.push({ rowId: rowIdOf(item), dueAt: Number(item.dueAt) });
      if (entries.length >= limit) break;
    }
    return entries.slice(0, limit);
  }

  /** The held rows of a lane, the longest first, at most `limit`. */
  async function held(lane: Lane, limit: number): Promise<DueEntry[]> {
    const query = {
      IndexName: dueIndex.name,
      KeyConditionExpression: `${dueIndex.hash.name} = :lane AND ${dueIndex.range.name} >= :from`,
      ExpressionAttributeValues: { ':lane': lane, ':from': heldFrom },
    };
    return firstOf({ ...query, Limit: limit }, limit);
  }

  async function countDue(lane: DueLane, by: number): Promise<number> {
    let count = 0;
    for await (const { Count = 0 } of queryPages(table, { ...dueQuery(lane, by), Select: 'COUNT' }))
      count += Count;
    return count;
  }

  /**
   * Moves a due row in the index of due rows, and changes nothing else. An announced row becomes due again later, in
   * case its message is lost. Does nothing if another process moved the row meanwhile. It makes no new revision, so it
   * disturbs no delivery.
   */
  function postpone(rowId: string, from: number, to: number): Promise<boolean> {
    return holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key: rowKey(rowId),
          UpdateExpression: 'SET dueAt = :to',
          ConditionExpression: 'dueAt = :from',
          ExpressionAttributeValues: { ':from': from, ':to': to },
        }),
      ),
    );
  }

  /** The rows of an entity that name this id. Candidates only: the index lags. */
  async function linkedTo(companyId: string, entity: EntityName = 'company'): Promise<string[]> {
    const found: string[] = [];
    const query = {
      IndexName: companyIndex.name,
      KeyConditionExpression: `${companyIndex.hash.name} = :id`,
      ExpressionAttributeValues: { ':id': companyId },
    };
    for await (const { Items = [] } of queryPages(table, query)) found.push(...Items.map(rowIdOf));
    return found.filter((rowId) => readRowId(rowId).entity === entity);
  }

  /** How many folders have a company in Moovago. It reads the keys of all of them: for a command, not for a schedule. */
  async function countLinked(): Promise<number> {
    let count = 0;
    const companies = { FilterExpression: 'sk = :row', ExpressionAttributeValues: { ':row': 'ROW' } };
    for await (const { Count = 0 } of scanPages(table, {
      ...companies,
      IndexName: companyIndex.name,
      Select: 'COUNT',
    }))
      count += Count;
    return count;
  }

  /** Folders that have a company in Moovago, at most `limit`. Candidates only: the index lags. */
  async function linked(limit: number): Promise<string[]> {
    const found: string[] = [];
    const companies = { FilterExpression: 'sk = :row', ExpressionAttributeValues: { ':row': 'ROW' } };
    for await (const { Items = [] } of scanPages(table, { ...companies, IndexName: companyIndex.name })) {
      found.push(...Items.map(rowIdOf));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /**
   * All rows of companies, page by page, with eventual consistency. Candidates only: each is read again before any
   * action.
   */
  async function* pages(): AsyncGenerator<FolderRow[]> {
    const scan = { FilterExpression: 'sk = :row', ExpressionAttributeValues: { ':row': 'ROW' } };
    for await (const { Items = [] } of scanPages(table, scan)) yield rowsIn(Items);
  }

  /**
   * The rows of folders that are gone or left out, and of what belonged to their companies, page by page, with eventual
   * consistency. Candidates only.
   */
  async function* ended(): AsyncGenerator<FolderRow[]> {
    const scan = {
      FilterExpression: 'begins_with(pk, :folder) AND (#status = :removed OR #status = :ignored)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':folder': 'FOLDER#', ':removed': 'removed', ':ignored': 'ignored' },
    };
    for await (const { Items = [] } of scanPages(table, scan)) yield rowsIn(Items);
  }

  return { read, change, erase, due, held, countDue, linkedTo, linked, countLinked, pages, ended, postpone };
}
