import { leaseMs } from '../framework/time-budget.ts';
import type { FolderRow } from '../state/folder-row.ts';
import { takeLease, underLease } from '../state/lease.ts';
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
  const { config, stage, telemetry } = app;
  const { prospects } = config;
  if (prospects === undefined) return { state: 'off' };
  const taken = await takeLease(app, 'prospects', leaseMs.prospects);
  if ('heldUntil' in taken) return { state: 'skipped' };
  const report = await underLease(taken.lease, () =>
    sendProspects(
      read,
      { ...config, prospects, stage, asked, deadline },
      { ...app, waitingFolders: () => waitingFolders(app) },
    ),
  );
  telemetry.log.info('prospects', { ...report });
  return report;
}

async function waitingFolders({ rows }: App): Promise<FolderRow[] | undefined> {
  const rowIds: string[] = [];
  for (const lane of ['live', 'bulk', 'failed'] as const)
    for (const entry of await rows.due(lane, Number.MAX_SAFE_INTEGER, waitingMax)) rowIds.push(entry.rowId);
  return rowIds.length >= waitingMax ? undefined : [...(await rows.read(rowIds)).values()];
}
