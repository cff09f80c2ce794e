import { brokenInvariants } from '../lib/sync/rows/invariants.ts';
import type { Item } from '../local/dynamodb/expressions.ts';
import type { Items } from './table/items.ts';
import type { World } from './world.ts';

const versionIn = (row: Item | undefined) => Number(Object(row?.applied).version ?? 0);

const isGone = (row: Item | undefined) => row?.status === 'removed' || row?.removal !== undefined;

/** An attribute that a newer version of the code wrote. */
export const newerAttribute = 'ofNewerCode';

/** No folder is removed that Clavus has. Versions of a row only go up, and so do its revisions; and what another version of the code wrote stays. */
export function watchRows(world: World, items: Items, isThere: (folderId: string) => boolean): void {
  items.onWrite(({ key, before, after }) => {
    if (!key.startsWith('FOLDER#')) return;
    if (after === undefined) return world.fail('row', `${key} was deleted`);
    checkOrder(world, key, before, after);
    for (const broken of brokenInvariants(after)) world.fail('row', `${key} breaks ${broken}`);
    if (key.endsWith('\u0000ROW') && isGone(after) && !isGone(before)) {
      world.count('folder removed');
      if (isThere(String(after.folderId))) world.fail('false-removal', `${key} is in Clavus all the same`);
    }
    if (before?.[newerAttribute] !== after[newerAttribute] && before?.[newerAttribute] !== undefined)
      world.fail('row', `${key} lost what a newer version of the code had written`);
  });
}

/** Since when a row has named a company, in milliseconds since the epoch; nothing where none does. */
export function watchLinks(world: World, items: Items): (companyId: string) => number | undefined {
  const since = new Map<string, number>();
  items.onWrite(({ key, before, after }) => {
    if (!key.startsWith('FOLDER#') || before?.companyId === after?.companyId) return;
    since.delete(String(before?.companyId));
    if (after?.companyId !== undefined) since.set(String(after.companyId), world.now());
  });
  return (companyId) => since.get(companyId);
}

function checkOrder(world: World, key: string, before: Item | undefined, after: Item): void {
  // A company that is another folder's from now on, or was just found: nothing is known of it.
  const isSameLink = after.companyId === before?.companyId && after.applied !== undefined;
  if (isSameLink && versionIn(after) < versionIn(before))
    world.fail('order', `${key} went back to an older version`);
  const step = Number(after.revision) - Number(before?.revision ?? 0);
  if (step < 0 || step > 1) world.fail('row', `${key} went from revision ${before?.revision} by ${step}`);
}
