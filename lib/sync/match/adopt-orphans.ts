import type { Clock } from '../../framework/clock.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { findMarker } from '../../mapping/marker.ts';
import { companyKey } from '../../mapping/match-keys.ts';
import type { Company } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows, Transition } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import { isNotOf, isUnderWay } from '../rows/row-status.ts';
import { adopted } from '../rows/row-transitions.ts';

/** How many failed folders one pass reads. */
const failedMax = 10_000;

export type AdoptOrphansDependencies = {
  clock: Clock;
  telemetry: Pick<Telemetry, 'log'>;
  newId(): string;
  stage: string;
  rows: Pick<FolderRows, 'due' | 'read' | 'change'>;
  matchIndex: Pick<MatchIndex, 'claim'>;
};

/**
 * A creation that Moovago made although it answered no: the folder is linked to its company, and delivered again. Every
 * pass looks for these, because the company may show up later than the answer.
 */
export async function adoptOrphans(
  companies: Iterable<Company>,
  { rows, newId, matchIndex, clock, telemetry, stage }: AdoptOrphansDependencies,
): Promise<void> {
  const at = clock.now();
  const failed = await rows.due('failed', Number.MAX_SAFE_INTEGER, failedMax);
  const found = await rows.read(failed.map(({ rowId }) => rowId));
  const orphans = [...found.values()].filter((row) => isOrphaned(row, at));
  if (orphans.length === 0) return;
  const marked = new Map(orphans.map(({ folderId }): [string, string[]] => [folderId, []]));
  for (const { id, note } of companies) {
    const { folderId = '', stage: itsStage } = findMarker(note ?? '') ?? {};
    if (itsStage === stage) marked.get(folderId)?.push(id);
  }
  for (const row of orphans) {
    const { folderId } = row;
    const [companyId, ...others] = (marked.get(folderId) ?? []).filter((id) => !isNotOf(row, id));
    // Of several, a person chooses one once the folder is tried again.
    if (companyId === undefined || others.length > 0) continue;
    // The marker may name a folder whose customer's company another folder writes by now.
    const owner = await matchIndex.claim(companyKey(companyId), { folderId, token: newId() });
    if (owner?.folderId !== folderId) continue;
    const transition: Transition = (current) =>
      current && isOrphaned(current, at, companyId)
        ? adopted(current, { recordId: companyId, at })
        : undefined;
    if (await rows.change(folderId, transition, row))
      telemetry.log.info('company-adopted', { folderId, companyId, by: 'marker' });
  }
}

/** Has no company, may have this one, and is not in the middle of a delivery that will look for itself. */
const isOrphaned = (row: FolderRow, now: number, companyId = '') =>
  row.companyId === undefined &&
  ['refused', 'parked'].includes(row.status) &&
  !isUnderWay(row, { at: now }) &&
  !isNotOf(row, companyId);
