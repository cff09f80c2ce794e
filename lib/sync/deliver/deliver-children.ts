import { inParallel } from '../../framework/in-parallel.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead, isHeld } from '../../state/folder-rows.ts';
import { childOf, childRowId, readRowId } from '../../state/row-id.ts';
import { attached, inBulk, resting, woken, wokenBy } from '../rows/child-transitions.ts';
import { isDeleted, isDue, isGone } from '../rows/row-status.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import { link, readOnce, resolveUnknownCreation } from './link-children.ts';

/** `ready`: to be sent now. `wait`: to be tried a little later. A row in neither list rests until its company wakes it. */
type Sorted = { ready: FolderRow[]; wait: FolderRow[] };

export type ChildOptions = DeliverOptions & {
  /** Folders whose companies were made a moment ago: nothing can belong to those yet. */
  made: ReadonlySet<string>;
  /** Whether the pilot lets through what belongs to a company. */
  mayFollow(company: FolderRow): boolean;
  /** Whether Moovago has been read since the table was new, or restored: nothing is created before. */
  mayCreate: boolean;
};

/**
 * The children that may be sent now: the company exists, and no earlier request is open. A child that Moovago has
 * already is linked, not created again.
 */
export async function readyChildren(
  rows: readonly FolderRow[],
  options: ChildOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const sorted: Sorted = { ready: [], wait: [] };
  if (rows.length === 0) return sorted;
  const read = readOnce(dependencies);
  const resolved = await inParallel(rows, (row) => resolveUnknownCreation(row, read, dependencies), 8);
  const parents = await dependencies.rows.read(resolved.flatMap((row) => (row ? [parentOf(row)] : [])));
  const open = resolved.flatMap((row) => row ?? []);
  sorted.wait.push(...rows.filter((_, index) => resolved[index] === undefined));
  await inParallel(
    open,
    async (row) => {
      const placed = await place(row, parents.get(parentOf(row)), options, dependencies);
      if (placed === 'rests') return;
      const isNew = placed !== 'waits' && options.made.has(parentOf(placed));
      const ready = placed === 'waits' || isNew ? placed : await link(placed, read, options, dependencies);
      if (ready === 'left') return;
      if (ready === undefined || ready === 'waits') sorted.wait.push(row);
      else sorted.ready.push(ready);
    },
    8,
  );
  return sorted;
}

const parentOf = (row: FolderRow) => readRowId(row.folderId).folderId;

/**
 * Finds the company that a row's record belongs to. `waits`: it is about to be made. `rests`: no delivery is about to
 * make it.
 */
async function place(
  row: FolderRow,
  parent: FolderRow | undefined,
  { children, unverified, mayFollow }: ChildOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow | 'waits' | 'rests'> {
  const child = childOf(row);
  if (child !== undefined && unverified.includes(child)) return 'waits';
  const stands = child !== undefined && children.includes(child) ? standing(parent, mayFollow) : 'rests';
  // If another process changed the row meanwhile, it may have a request under way.
  const change = (transition: (row: FolderRow) => FolderRow | undefined) =>
    dependencies.rows.change(row.folderId, asRead(row, transition), row);
  if (stands === 'waits') {
    if (parent?.desired?.lane === 'bulk') await change(inBulk);
    return 'waits';
  }
  if (stands === 'rests') {
    await change(resting);
    return child === undefined || !children.includes(child)
      ? 'rests'
      : recheckParent(row, mayFollow, dependencies);
  }
  if (row.parentId === stands.companyId) return row;
  return (await change((current) => attached(current, stands.companyId))) ?? 'waits';
}

function standing(
  parent: FolderRow | undefined,
  mayFollow: ChildOptions['mayFollow'],
): { companyId: string } | 'waits' | 'rests' {
  if (parent === undefined || isGone(parent) || isDeleted(parent) || isHeld(parent)) return 'rests';
  const { companyId, status } = parent;
  // The children of a failed company are not sent either: the company's next delivery wakes them.
  if (!isDue(parent) && (companyId === undefined || status !== 'delivered')) return 'rests';
  return companyId !== undefined && mayFollow(parent) ? { companyId } : 'waits';
}

/** The company may have come while this row was put to rest, and may have found nothing to wake. */
async function recheckParent(
  row: FolderRow,
  mayFollow: ChildOptions['mayFollow'],
  { clock, rows }: DeliverDependencies,
): Promise<'rests'> {
  const parent = (await rows.read([parentOf(row)])).get(parentOf(row));
  const at = clock.now();
  if (standing(parent, mayFollow) !== 'rests')
    await rows.change(row.folderId, (current) => current && woken(current, { at }), row);
  return 'rests';
}

/**
 * Wakes the children of companies that are about to be written. It does so before the write. If the worker is killed in
 * between, the woken rows find out for themselves.
 */
export async function wakeChildren(
  companies: readonly FolderRow[],
  { children }: DeliverOptions,
  { clock, rows }: DeliverDependencies,
): Promise<void> {
  const companyOf = new Map(
    companies.flatMap((company) =>
      children.map((child) => [childRowId(child, company.folderId), company] as const),
    ),
  );
  if (companyOf.size === 0) return;
  const at = clock.now();
  const found = await rows.read([...companyOf.keys()]);
  await inParallel(
    found.values(),
    (row) => {
      const company = companyOf.get(row.folderId);
      return rows.change(row.folderId, (current) => current && company && wokenBy(company, current, at), row);
    },
    8,
  );
}
