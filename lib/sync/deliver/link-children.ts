import { attempt } from '../../framework/attempt.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import { lazy } from '../../framework/lazy.ts';
import { childMatches } from '../../mapping/child-matches.ts';
import type { ChildName } from '../../moovago/entities/entity.ts';
import type { Child } from '../../moovago/entities/record.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead } from '../../state/folder-rows.ts';
import { childOf } from '../../state/row-id.ts';
import { givenAway, unlinked } from '../rows/child-transitions.ts';
import { isDue } from '../rows/row-status.ts';
import { adopted, ambiguous, confirmedAbsent } from '../rows/row-transitions.ts';
import type { DeliverDependencies } from './delivery.ts';

// Finds the record of Moovago that belongs to a row. Moovago's list of records is read once for all rows of a delivery.

type ReadOnce = (child: ChildName) => Promise<readonly Child[] | undefined>;

/** One pass for all rows of a kind; `undefined` if it failed. */
export function readOnce({ readChildren, telemetry }: DeliverDependencies): ReadOnce {
  const passes = new Map<ChildName, () => Promise<readonly Child[] | undefined>>();
  const pass = (child: ChildName) =>
    lazy(async () => {
      const read = await attempt(readChildren(child));
      if (read.ok) return read.value;
      telemetry.log.warn('children-not-read', {
        child,
        error: read.error instanceof Error ? read.error.name : '',
      });
      return undefined;
    });
  return (child) => {
    const known = passes.get(child) ?? pass(child);
    passes.set(child, known);
    return known();
  };
}

/**
 * Resolves a creation of unknown outcome, which is never sent again on a guess. `undefined` if the row must not be sent
 * now.
 */
export async function resolveUnknownCreation(
  row: FolderRow,
  read: ReadOnce,
  { rows, clock, telemetry }: DeliverDependencies,
): Promise<FolderRow | undefined> {
  const child = childOf(row);
  const { folderId, intent, parentId = '' } = row;
  if (child === undefined || intent?.kind !== 'create') return row;
  const listed = await read(child);
  if (listed === undefined) return undefined;
  const alike = childMatches(child, { parentId, record: intent.fields ?? {} }, listed);
  const isFree = async (id: string) => (await rows.linkedTo(id, child)).every((other) => other === folderId);
  const found = (await inParallel(alike, async (id) => ((await isFree(id)) ? [id] : []), 8)).flat();
  const at = clock.now();
  const [recordId] = found;
  telemetry.log.info('creation-looked-up', { folderId, found: found.length });
  const resolved = await rows.change(
    folderId,
    (current) => {
      if (current?.intent?.id !== intent.id) return undefined;
      if (recordId === undefined) return confirmedAbsent(current, { at });
      // If Clavus made it unmappable meanwhile, that reason stays.
      if (found.length > 1 && current.status === 'refused') return undefined;
      if (found.length > 1) return ambiguous(current, { candidates: found, at });
      return adopted(current, { recordId, at });
    },
    row,
  );
  return resolved && isDue(resolved) ? resolved : undefined;
}

type LinkOptions = {
  /** Whether Moovago has been read since the table was new, or restored: nothing is created before. */
  mayCreate: boolean;
  settleAfter: number;
};

/**
 * Adopts a record of the company before a new one is created. A record that another folder made goes to the folder that
 * writes the company now. `left`: a person must decide. `undefined`: to be tried again later.
 */
export async function link(
  row: FolderRow,
  read: ReadOnce,
  options: LinkOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow | 'left' | undefined> {
  const child = childOf(row);
  if (child === undefined) return row;
  if (row.companyId !== undefined) return keepLink(row, child, read, options, dependencies);
  if (!options.mayCreate) return undefined;
  const listed = await read(child);
  if (listed === undefined) return undefined;
  const { folderId, desired, parentId = '' } = row;
  const { rows, clock } = dependencies;
  const { log } = dependencies.telemetry;
  const at = clock.now();
  const change = (transition: (row: FolderRow) => FolderRow) =>
    rows.change(folderId, asRead(row, transition), row);
  const found = childMatches(child, { parentId, record: desired?.record ?? {} }, listed);
  const [recordId] = found;
  if (recordId === undefined) return row;
  if (found.length > 1) {
    log.warn('match-ambiguous', { folderId, recordIds: found });
    await change((current) => ambiguous(current, { candidates: found, at }));
    return 'left';
  }
  if (!(await takeOver(recordId, row, child, dependencies))) return undefined;
  log.info('child-adopted', { folderId, recordId });
  return change((current) => adopted(current, { recordId, at }));
}

/**
 * Keeps the link to a record that Moovago has already. If the record is in doubt and gone, the row is linked anew, or
 * its record is created anew. Not before it has settled: until then Moovago's list may lack it.
 */
async function keepLink(
  row: FolderRow,
  child: ChildName,
  read: ReadOnce,
  options: LinkOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow | 'left' | undefined> {
  const { folderId, companyId, applied } = row;
  const { rows, clock, telemetry } = dependencies;
  if (applied?.isDoubted !== true || clock.now() < applied.at + options.settleAfter) return row;
  const listed = await read(child);
  if (listed === undefined) return undefined;
  if (listed.some(({ id }) => id === companyId)) return row;
  telemetry.log.info('child-vanished', { folderId, recordId: companyId });
  const free = await rows.change(folderId, asRead(row, unlinked), row);
  return free && link(free, read, options, dependencies);
}

/** Takes a record from all other folders. `false` while one of them has an open request. */
async function takeOver(
  recordId: string,
  { folderId }: FolderRow,
  child: ChildName,
  { rows }: DeliverDependencies,
): Promise<boolean> {
  const others = (await rows.linkedTo(recordId, child)).filter((id) => id !== folderId);
  const owners = [...(await rows.read(others)).values()].filter(({ companyId }) => companyId === recordId);
  const given = await inParallel(
    owners,
    (owner) =>
      rows.change(
        owner.folderId,
        asRead(owner, (current) => (current.intent === undefined ? givenAway(current) : undefined)),
        owner,
      ),
    8,
  );
  return given.every((row) => row !== undefined);
}
