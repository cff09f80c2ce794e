import { resolve } from 'node:path';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { unlinkJob } from '../../lib/jobs/decide-job.ts';
import { findMixed, type Mixed } from '../../lib/jobs/repair-job.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { effectLine, reasonOf, rowsOf } from '../decisions.ts';
import { wordsOf } from '../match-words.ts';
import { print } from '../print.ts';
import { commandText, openState } from '../state.ts';
import { exitStatus, plural } from '../sync-report.ts';
import type { RepairOptions } from './repair.ts';

/** `repair`: gives each of two customers who share a company by mistake its own. Returns the exit status. */
export async function runRepair(folderIds: readonly string[], options: RepairOptions): Promise<number> {
  const { all = false } = options;
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const app = { ...rowsOf(state), config, stage: state.stage };
  const mixed = await findMixed(app);
  const strangers = folderIds.filter((id) => mixed.every(({ sharer }) => sharer.folderId !== id));
  if (strangers.length > 0)
    throw new ConfigurationError(
      strangers.join(', '),
      `shares no company of another customer. ${commandText('repair', options)} lists those that do.`,
    );
  const chosen = mixed.filter(({ sharer }) => all || folderIds.includes(sharer.folderId));
  const failures: { folderId: string; reason: string }[] = [];
  for (const { sharer } of chosen) {
    const { folderId } = sharer;
    const decided = await unlinkJob(folderId, app);
    if ('refused' in decided)
      failures.push({ folderId, reason: reasonOf(folderId, decided, { ...options, config }) });
  }
  const failed = new Set(failures.map(({ folderId }) => folderId));
  const done = chosen.filter(({ sharer }) => !failed.has(sharer.folderId));
  const left = mixed.filter((one) => !done.includes(one));
  print(options, { repaired: done.map(reportOf), left: left.map(reportOf), failures }, [
    ...doneLines(done, options),
    ...leftLines(left, options),
    ...failures.map(failureLine),
  ]);
  return left.length > 0 ? exitStatus.recordsFailed : exitStatus.done;
}

const nameOf = ({ desired }: FolderRow) => desired?.record.name ?? '';

const reportOf = ({ companyId, writer, sharer, differ }: Mixed) => ({
  companyId,
  writer: { folderId: writer.folderId, name: nameOf(writer) },
  folderId: sharer.folderId,
  name: nameOf(sharer),
  differ,
});

const failureLine = ({ folderId, reason }: { folderId: string; reason: string }) => `${folderId}: ${reason}`;

function doneLines(done: readonly Mixed[], options: RepairOptions): string[] {
  if (done.length === 0) return [];
  return [
    ...done.map(
      ({ companyId, writer, sharer }) =>
        `Folder ${sharer.folderId} (${nameOf(sharer)}) is taken off company ${companyId}, which stays with folder ${writer.folderId} (${nameOf(writer)}).`,
    ),
    effectLine('Each gets its own company at the next delivery', options),
  ];
}

function leftLines(left: readonly Mixed[], options: RepairOptions): string[] {
  if (left.length === 0) return ["No company holds two customers' data."];
  const byCompany = Map.groupBy(left, ({ companyId }) => companyId);
  return [
    `${plural(byCompany.size, "company holds two customers' data", "companies hold two customers' data")}:`,
    ...[...byCompany].flatMap(([companyId, [first, ...others]]) =>
      first === undefined
        ? []
        : [
            `  company ${companyId}`,
            `    folder ${first.writer.folderId}  ${nameOf(first.writer)}: writes it`,
            ...[first, ...others].map(
              ({ sharer, differ }) =>
                `    folder ${sharer.folderId}  ${nameOf(sharer)}: shares it, with another ${wordsOf(differ)}`,
            ),
          ],
    ),
    'Nothing was changed for these. To give each of these folders its own company:',
    `  ${commandText('repair --all', options)}, or repair FOLDER for one of them`,
    'If both are one customer:',
    `  ${commandText('link FOLDER COMPANY --share', options)}`,
  ];
}
