import { childNames } from '../moovago/entities/entity.ts';
import { type FolderRow, isOfNewerCode } from '../state/folder-row.ts';
import { underLease } from '../state/lease.ts';
import { companyIdOf, type ProspectLink } from '../state/prospect-links.ts';
import { childRowId } from '../state/row-id.ts';
import { sharersOf, writersOf } from '../sync/match/company-holders.ts';
import { companyOf } from '../sync/rows/decision-transitions.ts';
import { isDue, isGone, isOver } from '../sync/rows/row-status.ts';
import type { App } from './app.ts';
import { type ListsApp, removeFromLists } from './forget-lists.ts';
import { takePollLease } from './poll-job.ts';

export type ForgetApp = ListsApp &
  Pick<
    App,
    'clock' | 'config' | 'fingerprints' | 'matchIndex' | 'newId' | 'prospectLinks' | 'rows' | 'table'
  >;

/**
 * Why nothing was erased. `shown`: Clavus still has the folder. `removing`: Moovago does not know yet that it is gone.
 * `until`: when a request that is open has settled, or a poll has ended at the latest, in milliseconds since the epoch.
 */
export type NotForgotten =
  | { refused: 'unknown' | 'newer' | 'shown' | 'removing' | 'changed' }
  | { refused: 'owned'; by: string }
  | { refused: 'under-way' | 'polling'; until: number };

/** What was erased, and what is known of the customer elsewhere. */
export type Forgotten = {
  rows: number;
  keys: number;
  prospects: number;
  /** The companies that were the folder's. `isListed`: Moovago showed it in the last pass. `sharedWith`: other folders have it. */
  companies: { companyId: string; isListed: boolean; sharedWith: string[] }[];
  /** Its prospects in Clavus. */
  prospectIds: string[];
};

type Found = { rows: FolderRow[]; links: ProspectLink[] };

/**
 * Erases what the table knows of a customer: by the id of a folder that is gone from Clavus, or of a rep's company. The row
 * is the last to go: if the job is interrupted, the next one finds what is left. Another folder's data stays.
 * @param takeOver takes the lease from a poll that is known to be dead
 */
export async function forgetJob(
  id: string,
  app: ForgetApp,
  takeOver: boolean,
): Promise<NotForgotten | Forgotten> {
  const before = whyNot(id, await find(id, app), app);
  if (before !== undefined) return before;
  // A poll writes the lists that name folders, and rows anew.
  const taken = await takePollLease(app, takeOver);
  if ('heldUntil' in taken) return { refused: 'polling', until: taken.heldUntil };
  return underLease(taken.lease, async () => {
    const found = await find(id, app);
    return whyNot(id, found, app) ?? eraseAll(id, found, app);
  });
}

async function find(id: string, { rows, prospectLinks }: ForgetApp): Promise<Found> {
  const found = await rows.read([id, ...childNames.map((child) => childRowId(child, id))]);
  const companyId = found.get(id)?.companyId;
  const all = [...(await prospectLinks.all()).values()];
  const links = all.filter((link) => link.folderId === id || [id, companyId].includes(companyIdOf(link)));
  // The folder's own row last.
  const children = [...found.values()].filter(({ folderId }) => folderId !== id);
  const own = found.get(id);
  return { rows: own === undefined ? children : [...children, own], links };
}

function whyNot(
  id: string,
  { rows, links }: Found,
  { clock, config }: Pick<ForgetApp, 'clock' | 'config'>,
): NotForgotten | undefined {
  if (rows.length === 0 && links.length === 0) return { refused: 'unknown' };
  if (rows.some(isOfNewerCode)) return { refused: 'newer' };
  const settlesAt = ({ intent, waitUntil = 0 }: FolderRow | ProspectLink) =>
    intent === undefined ? 0 : Math.max(waitUntil, intent.at + config.settleAfter);
  const until = Math.max(...[...rows, ...links].map(settlesAt));
  if (until > clock.now()) return { refused: 'under-way', until };
  const own = rows.find(({ folderId }) => folderId === id);
  if (own !== undefined && !isGone(own) && !isOver(own)) return { refused: 'shown' };
  // A removal that Moovago refused is never sent again.
  if (own !== undefined && isGone(own) && isDue(own)) return { refused: 'removing' };
  const by = rows.length > 0 ? undefined : links.find((link) => companyIdOf(link) === id)?.folderId;
  return by === undefined ? undefined : { refused: 'owned', by };
}

async function eraseAll(id: string, found: Found, app: ForgetApp): Promise<NotForgotten | Forgotten> {
  const { fingerprints, matchIndex, prospectLinks, rows } = app;
  const linked = found.rows.flatMap((row) => (row.folderId === id && companyOf(row)) || []);
  const companyIds = [...new Set([...linked, ...found.links.map(companyIdOf)])];
  const shared = new Map<string, string[]>();
  for (const companyId of companyIds) shared.set(companyId, await othersWith(companyId, id, app));
  // First: a company that is still in Moovago must not count as a new one of a rep.
  if (app.config.prospects !== undefined) await prospectLinks.addKnown(companyIds);
  for (const link of found.links) {
    const [heir] = shared.get(companyIdOf(link)) ?? [];
    if (heir !== undefined && link.folderId !== id) continue;
    const done =
      heir === undefined
        ? await prospectLinks.erase(link)
        : await prospectLinks.save(link, { ...link, folderId: heir });
    if (!done) return { refused: 'changed' };
  }
  const until = await removeFromLists(id, app);
  if (until !== undefined) return { refused: 'polling', until };
  const index = await matchIndex.erase(id);
  await fingerprints.remove([id]);
  for (const row of found.rows) if (!(await rows.erase(row))) return { refused: 'changed' };
  return {
    rows: found.rows.length,
    keys: index.keys,
    prospects: found.links.length,
    companies: companyIds.map((companyId) => ({
      companyId,
      isListed: index.companyIds.has(companyId),
      sharedWith: shared.get(companyId) ?? [],
    })),
    prospectIds: found.links.flatMap(({ prospectId }) => prospectId ?? []),
  };
}

/** The other folders that write a company, then those that share it. */
async function othersWith(companyId: string, id: string, app: ForgetApp): Promise<string[]> {
  const others = [...(await writersOf(companyId, id, app)), ...(await sharersOf(companyId, id, app))];
  return [...new Set(others.map(({ folderId }) => folderId))];
}
