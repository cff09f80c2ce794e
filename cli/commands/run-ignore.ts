import { resolve } from 'node:path';
import { ignoreJob } from '../../lib/jobs/decide-job.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { createHints } from '../../lib/state/hints.ts';
import { companyOf } from '../../lib/sync/rows/decision-transitions.ts';
import { effectLine, folderText, refuse, rowsOf } from '../decisions.ts';
import { print } from '../print.ts';
import { commandText, openState } from '../state.ts';
import { exitStatus } from '../sync-report.ts';
import type { IgnoreOptions } from './ignore.ts';

/** `ignore`: a person leaves a folder out, or takes it in again. Returns the exit status. */
export async function runIgnore(folderId: string, options: IgnoreOptions): Promise<number> {
  const { undo = false } = options;
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const decided = await ignoreJob({ folderId, undo }, { ...rowsOf(state), hints: createHints(state.table) });
  if ('refused' in decided) return refuse(folderId, decided, { ...options, config });
  const { row } = decided;
  const companyId = companyOf(row);
  const link = companyId === undefined ? 'it has no company' : `company ${companyId} stays as it is`;
  print(
    options,
    { folderId, companyId: companyId ?? null, leftOut: !undo },
    undo
      ? [`${folderText(row)} is synced again.`, effectLine('It is sent at the next delivery', options)]
      : [
          `${folderText(row)} is left out: nothing is sent, and ${link}.`,
          `To sync it again: ${commandText(`ignore ${folderId} --undo`, options)}`,
        ],
  );
  return exitStatus.done;
}
