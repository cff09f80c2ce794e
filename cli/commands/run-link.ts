import { resolve } from 'node:path';
import { linkJob, type Reassigned, unlinkJob } from '../../lib/jobs/decide-job.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import type { Company } from '../../lib/moovago/company.ts';
import { effectLine, folderText, refuse, rowsOf } from '../decisions.ts';
import { requireSettings } from '../missing-settings.ts';
import { print } from '../print.ts';
import { environmentOf } from '../stage-environment.ts';
import { openState } from '../state.ts';
import { exitStatus } from '../sync-report.ts';
import { openSystems } from '../systems.ts';
import type { LinkOptions } from './link.ts';
import type { UnlinkOptions } from './unlink.ts';

/** `link`: a person says which company of Moovago is a folder's. Returns the exit status. */
export async function runLink(folderId: string, companyId: string, options: LinkOptions): Promise<number> {
  const { stage, share = false } = options;
  const environment = await environmentOf(stage);
  requireSettings(environment, stage);
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const systems = openSystems(environment, { table: state.table, config, stage });
  // The operator may have corrected the key.
  await systems.pace.tryKeyAgain();
  const decided = await linkJob({ folderId, companyId, share }, { ...systems, ...rowsOf(state), config });
  if ('refused' in decided) return refuse(folderId, decided, { ...options, config });
  const { row, company } = decided;
  print(options, { folderId, companyId, ...reassignedIn(decided) }, [
    `${folderText(row)} is linked to company ${companyText(company)}.`,
    ...fromLines(decided),
    effectLine('It is updated at the next delivery', options),
  ]);
  return exitStatus.done;
}

/** `unlink`: a person says that a folder's company is not its own. Returns the exit status. */
export async function runUnlink(folderId: string, options: UnlinkOptions): Promise<number> {
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const decided = await unlinkJob(folderId, { ...rowsOf(state), config });
  if ('refused' in decided) return refuse(folderId, decided, { ...options, config });
  const { row, from } = decided;
  const what =
    from === undefined ? 'has none of the companies that it might have had' : `is taken off company ${from}`;
  const back = row.decision?.companyId;
  const effect =
    back === undefined
      ? 'It gets its own company at the next delivery'
      : `It has company ${back} again, as before; if that is not its own either, unlink it once more. It is updated at the next delivery`;
  print(options, { folderId, companyId: back ?? null, ...reassignedIn(decided) }, [
    `${folderText(row)} ${what}.`,
    ...fromLines(decided),
    effectLine(effect, options),
  ]);
  return exitStatus.done;
}

const companyText = ({ id, name, city }: Company): string =>
  `${id} (${[name, city].filter(Boolean).join(', ')})`;

/** What `--json` says of the company that the folder had. */
const reassignedIn = ({ from, heirs }: Reassigned) => ({ from: from ?? null, goesBackTo: heirs });

/** What becomes of the company that the folder had. */
function fromLines({ from, heirs }: Reassigned): string[] {
  if (from === undefined) return [];
  return heirs.length > 0
    ? [`Company ${from} goes back to ${heirs.map((id) => `folder ${id}`).join(' and ')}, and is sent whole.`]
    : [
        `Company ${from} is left as it is, because no other folder has it: correct it in Moovago, or delete it there.`,
      ];
}
