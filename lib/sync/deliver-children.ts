import { attempt } from '../framework/attempt.ts';
import { inParallel } from '../framework/in-parallel.ts';
import { lazy } from '../framework/lazy.ts';
import { childMatches } from '../mapping/child-matches.ts';
import type { Child } from '../moovago/company.ts';
import type { ChildName } from '../moovago/entities/entity.ts';
import type { FolderRow } from '../state/folder-row.ts';
import { childRowId, readRowId } from '../state/row-id.ts';
import { attached, givenAway, inBulk, resting, woken } from './child-transitions.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import { adopted, ambiguous, isDeleted, isDue, lookedUpEmpty } from './row-transitions.ts';

/** `ready`: to be sent now. `wait`: to come back a little later. What is in neither rests until its company wakes it. */
type Sorted = { ready: FolderRow[]; wait: FolderRow[] };

/** The kind of record that a row is about; nothing for a company. */
export function childOf({ folderId }: FolderRow): ChildName | undefined {
  const { entity } = readRowId(folderId);
  return entity === 'company' ? undefined : entity;
}

export type ChildOptions = DeliverOptions & {
  /** Folders whose companies were made a moment ago: nothing can belong to those yet. */
  made: ReadonlySet<string>;
  /** Whether the pilot is done with a folder's company. */
  mayFollow(folderId: string): boolean;
};

/**
 * What belongs to companies and may be sent now: its company is there, no earlier request is open, and where Moovago has
 * it already it is linked instead of made again.
 */
export async function readyChildren(
  rows: readonly FolderRow[],
  options: ChildOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const sorted: Sorted = { ready: [], wait: [] };
  if (rows.length === 0) return sorted;
  const read = readOnce(dependencies);
  const settled = await inParallel(rows, (row) => settleCreation(row, read, dependencies), 8);
  const parents = await dependencies.readRows(settled.flatMap((row) => (row ? [parentOf(row)] : [])));
  const open = settled.flatMap((row) => row ?? []);
  sorted.wait.push(...rows.filter((_, index) => settled[index] === undefined));
  await inParallel(
    open,
    async (row) => {
      const placed = await place(row, parents.get(parentOf(row)), options, dependencies);
      if (placed === 'rests') return;
      const isNew = placed !== 'waits' && options.made.has(parentOf(placed));
      const ready = placed === 'waits' || isNew ? placed : await link(placed, read, dependencies);
      if (ready === 'left') return;
      if (ready === undefined || ready === 'waits') sorted.wait.push(row);
      else sorted.ready.push(ready);
    },
    8,
  );
  return sorted;
}

const parentOf = (row: FolderRow) => readRowId(row.folderId).folderId;

type ReadOnce = (child: ChildName) => Promise<readonly Child[] | undefined>;

/** One pass for all rows of a kind; nothing where it failed. */
function readOnce({ readChildren, log }: DeliverDependencies): ReadOnce {
  const passes = new Map<ChildName, () => Promise<readonly Child[] | undefined>>();
  const pass = (child: ChildName) =>
    lazy(async () => {
      const read = await attempt(readChildren(child));
      if (read.ok) return read.value;
      log.warn('children-not-read', { child, error: read.error instanceof Error ? read.error.name : '' });
      return undefined;
    });
  return (child) => {
    const known = passes.get(child) ?? pass(child);
    passes.set(child, known);
    return known();
  };
}

/** A creation of unknown outcome is never sent again on a guess. Nothing where it stays unknown. */
async function settleCreation(
  row: FolderRow,
  read: ReadOnce,
  { changeRow, clock, count, linkedTo, log }: DeliverDependencies,
): Promise<FolderRow | undefined> {
  const child = childOf(row);
  const { folderId, intent, parentId = '' } = row;
  if (child === undefined || intent?.kind !== 'create') return row;
  const listed = await read(child);
  if (listed === undefined) return undefined;
  const alike = childMatches(child, { parentId, record: intent.fields ?? {} }, listed);
  const isFree = async (id: string) => (await linkedTo(id, child)).every((other) => other === folderId);
  const found = (await inParallel(alike, async (id) => ((await isFree(id)) ? [id] : []), 8)).flat();
  const at = clock.now();
  const [recordId] = found;
  log.info('creation-looked-up', { folderId, found: found.length });
  if (found.length === 1) count('ChildrenAdopted');
  const settled = await changeRow(
    folderId,
    (current) => {
      if (current?.intent?.id !== intent.id) return undefined;
      if (recordId === undefined) return lookedUpEmpty(current, { at });
      if (found.length > 1) return ambiguous(current, { candidates: found, at });
      return adopted(current, { companyId: recordId, at });
    },
    row,
  );
  return settled && isDue(settled) ? settled : undefined;
}

/** Finds the company that a row's record belongs to. `waits`: it is about to be made. `rests`: nobody is about to. */
async function place(
  row: FolderRow,
  parent: FolderRow | undefined,
  { children, unproved, mayFollow }: ChildOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow | 'waits' | 'rests'> {
  const child = childOf(row);
  if (child !== undefined && unproved.includes(child)) return 'waits';
  const stands = child !== undefined && children.includes(child) ? standing(parent, mayFollow) : 'rests';
  const { changeRow } = dependencies;
  // Whoever changed the row meanwhile may have a request under way.
  const asRead = (change: (row: FolderRow) => FolderRow | undefined) =>
    changeRow(row.folderId, (now) => (now?.revision === row.revision ? change(now) : undefined), row);
  if (stands === 'waits') {
    if (parent?.desired?.lane === 'bulk') await asRead(inBulk);
    return 'waits';
  }
  if (stands === 'rests') {
    await asRead(resting);
    return child === undefined || !children.includes(child)
      ? 'rests'
      : lookAgain(row, mayFollow, dependencies);
  }
  if (row.parentId === stands.companyId) return row;
  return (await asRead((current) => attached(current, stands.companyId))) ?? 'waits';
}

function standing(
  parent: FolderRow | undefined,
  mayFollow: ChildOptions['mayFollow'],
): { companyId: string } | 'waits' | 'rests' {
  const isGone = parent === undefined || parent.status === 'removed' || parent.removal !== undefined;
  if (isGone || isDeleted(parent)) return 'rests';
  const { companyId, folderId, status } = parent;
  if (companyId !== undefined && mayFollow(folderId)) return { companyId };
  // One that was delivered is about to be read back; one that failed passes no pilot.
  return isDue(parent) || (companyId !== undefined && status === 'delivered') ? 'waits' : 'rests';
}

/** Its company may have come while it was put to rest, and have found nothing to wake. */
async function lookAgain(
  row: FolderRow,
  mayFollow: ChildOptions['mayFollow'],
  { changeRow, clock, readRows }: DeliverDependencies,
): Promise<'rests'> {
  const parent = (await readRows([parentOf(row)])).get(parentOf(row));
  const at = clock.now();
  if (standing(parent, mayFollow) !== 'rests')
    await changeRow(row.folderId, (current) => current && woken(current, { at }), row);
  return 'rests';
}

/**
 * Adopt before create, within the company. What another folder made there belongs to who writes the company now.
 * `left`: to a person. Nothing where it has to come back.
 */
async function link(
  row: FolderRow,
  read: ReadOnce,
  dependencies: DeliverDependencies,
): Promise<FolderRow | 'left' | undefined> {
  const child = childOf(row);
  const { folderId, companyId, desired, parentId = '' } = row;
  if (child === undefined || companyId !== undefined) return row;
  const listed = await read(child);
  if (listed === undefined) return undefined;
  const { changeRow, clock, count, log } = dependencies;
  const found = childMatches(child, { parentId, record: desired?.record ?? {} }, listed);
  const [recordId] = found;
  if (recordId === undefined) return row;
  const at = clock.now();
  const isSame = (current: FolderRow | undefined) => current?.revision === row.revision;
  if (found.length > 1) {
    log.warn('match-ambiguous', { folderId, recordIds: found });
    const next = (current: FolderRow | undefined) =>
      current && isSame(current) ? ambiguous(current, { candidates: found, at }) : undefined;
    await changeRow(folderId, next, row);
    return 'left';
  }
  if (!(await takeOver(recordId, row, child, dependencies))) return undefined;
  count('ChildrenAdopted');
  log.info('child-adopted', { folderId, recordId });
  return changeRow(
    folderId,
    (current) => (current && isSame(current) ? adopted(current, { companyId: recordId, at }) : undefined),
    row,
  );
}

/** Whether no other folder has the record from now on: not while one of its requests is open. */
async function takeOver(
  recordId: string,
  { folderId }: FolderRow,
  child: ChildName,
  { changeRow, linkedTo, readRows }: DeliverDependencies,
): Promise<boolean> {
  const others = (await linkedTo(recordId, child)).filter((id) => id !== folderId);
  const holders = [...(await readRows(others)).values()].filter(({ companyId }) => companyId === recordId);
  const given = await inParallel(
    holders,
    (holder) =>
      changeRow(
        holder.folderId,
        (current) =>
          current && current.revision === holder.revision && current.intent === undefined
            ? givenAway(current)
            : undefined,
        holder,
      ),
    8,
  );
  return given.every((row) => row !== undefined);
}

/**
 * Wakes what waits for companies that are about to be written for the first time. Before they are: whoever is killed in
 * between has woken something that finds out for itself.
 */
export async function wakeChildren(
  companies: readonly FolderRow[],
  { children }: DeliverOptions,
  { changeRow, clock, readRows }: DeliverDependencies,
): Promise<void> {
  const fresh = companies.filter(({ applied }) => applied === undefined || applied.version === 0);
  const ids = fresh.flatMap(({ folderId }) => children.map((child) => childRowId(child, folderId)));
  if (ids.length === 0) return;
  const at = clock.now();
  const wake = (row: FolderRow | undefined) => row && woken(row, { at });
  await inParallel((await readRows(ids)).values(), (row) => changeRow(row.folderId, wake, row), 8);
}
