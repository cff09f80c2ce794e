import { attempt } from '../framework/attempt.ts';
import { leaseMs } from '../framework/time-budget.ts';
import type { FolderRow } from '../state/folder-row.ts';
import { takeLease } from '../state/lease.ts';
import type { CompaniesRead } from '../sync/match/refresh-companies.ts';
import { type ProspectsReport, sendProspects } from '../sync/prospects/send-prospects.ts';
import type { App } from './app.ts';

/** If more folders than this wait or failed, an import is running: prospects wait for its end. */
const waitingMax = 2_000;

/** `off`: the tenant uses no prospects. `skipped`: another run has the lease. */
type Prospects = { state: 'off' } | { state: 'skipped' } | ProspectsReport;

/**
 * Sends companies that reps made to Clavus, if the tenant wants that.
 * @param read a pass over Moovago's companies that has just ended
 * @param asked companies that the operator named
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function prospectsJob(
  read: CompaniesRead,
  asked: readonly string[],
  deadline: number,
  app: App,
): Promise<Prospects> {
  const { clavus, clock, config, matchIndex, newId, prospectLinks, rows, stage, table, telemetry } = app;
  const { prospects, match, company, settleAfter } = config;
  if (prospects === undefined) return { state: 'off' };
  const taken = await takeLease({ table, clock, newId }, 'prospects', leaseMs.prospects);
  if ('heldUntil' in taken) return { state: 'skipped' };
  const report = await attempt(
    sendProspects(
      read,
      { prospects, match, company, stage, asked, deadline },
      {
        ...telemetry,
        clock,
        newId,
        settleAfterMs: settleAfter,
        readLinks: prospectLinks.all,
        saveLink: prospectLinks.save,
        readKnown: prospectLinks.readKnown,
        addKnown: prospectLinks.addKnown,
        open: prospectLinks.open,
        linkedTo: rows.linkedTo,
        readRows: rows.read,
        findCompanies: matchIndex.find,
        keyHolders: matchIndex.holders,
        waitingFolders: () => waitingFolders(app),
        upsertProspect: clavus.upsertProspect,
      },
    ),
  );
  await taken.lease.release();
  if (!report.ok) throw report.error;
  telemetry.log.info('prospects', { ...report.value });
  return report.value;
}

async function waitingFolders({ rows }: App): Promise<FolderRow[] | undefined> {
  const folderIds: string[] = [];
  for (const lane of ['live', 'bulk', 'failed'] as const)
    for (const entry of await rows.due(lane, Number.MAX_SAFE_INTEGER, waitingMax))
      folderIds.push(entry.folderId);
  return folderIds.length >= waitingMax ? undefined : [...(await rows.read(folderIds)).values()];
}
