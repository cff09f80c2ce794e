import { DateTime } from 'luxon';
import type { MappedFolder } from '../../lib/mapping/map-folder.ts';
import type { FolderRow, RowOf } from '../../lib/state/folder-row.ts';
import { isHeld } from '../../lib/state/folder-rows.ts';
import { isDeleted, matchRow } from '../../lib/sync/rows/row-status.ts';
import { commandText, type StateOptions } from '../state.ts';
import type { FoldersFound } from './find-folders.ts';

/** A folder as Clavus and the table have it. */
type Seen = {
  folderId: string;
  row: FolderRow | null;
  inClavus: boolean;
  mapped: MappedFolder | null;
  /** Whether it does not pass `clavus.filter`. */
  isLeftOut: boolean;
  /** Where neither has it: folders that are called so. */
  byName: FoldersFound;
};

const at = (time: number | undefined) =>
  time === undefined ? '' : (DateTime.fromMillis(time).toRelative() ?? '');

/** The command that sends a folder again: a deployed stage does so itself. */
const retryOf = (folderId: string, { stage }: StateOptions): string =>
  stage === undefined
    ? `npx clavus-moovago retry ${folderId}`
    : `aws lambda invoke --function-name clavus-moovago-${stage}-pollClavus --cli-binary-format raw-in-base64-out ` +
      `--payload '{"folderIds":["${folderId}"],"again":true}' /dev/stdout`;

/** What became of a folder, and what to do next, in a sentence each. */
export function outcomeAndNextStep(
  { folderId, row, inClavus, mapped, isLeftOut, byName }: Seen,
  options: StateOptions,
): { outcome: string; nextStep: string } {
  if (row !== null) return { outcome: outcomeOf(row), nextStep: nextStepOf(row, options) };
  if (!inClavus)
    return {
      outcome: 'Clavus does not show this folder to this key, and no poll has ever seen it.',
      nextStep: byNameStep(byName, options),
    };
  if (isLeftOut)
    return {
      outcome: 'Clavus has this folder, and clavus.filter excludes it.',
      nextStep: 'Do nothing if that is intended. Otherwise correct clavus.filter in sync.config.ts.',
    };
  const outcome = 'Clavus has this folder, and no poll has seen it yet.';
  if (mapped?.kind === 'unmappable')
    return {
      outcome,
      nextStep: `Correct the folder in Clavus, or ${settingOf(mapped.field)} in sync.config.ts: the next poll then takes it.`,
    };
  const now =
    options.stage === undefined ? ` To send it now: npx clavus-moovago sync --once --folder ${folderId}` : '';
  return { outcome, nextStep: `Wait for the next poll, which takes it.${now}` };
}

function byNameStep({ total, folders }: FoldersFound, options: StateOptions): string {
  if (total === 0)
    return 'Check the id. With a name instead, this command lists the folders that Clavus finds, with their ids.';
  const found = total === 1 ? 'one folder' : `${total} folders`;
  const first = folders.length < total ? ` (here are the first ${folders.length})` : '';
  return `Clavus finds ${found} by this name${first}: ${commandText('explain ID', options)}`;
}

/** People are not corrected in the rule that names their column. */
const settingOf = (field: string): string => (field === 'company.ownerIds' ? 'owners' : field);

function outcomeOf(row: FolderRow): string {
  const company = row.companyId === undefined ? 'Not in Moovago' : `In Moovago as company ${row.companyId}`;
  const why = row.failure ? `, ${row.failure.message} (${at(row.failure.lastAt)})` : '';
  const failed = ({ status }: FolderRow) => `${company}: ${status}${why}.`;
  return matchRow(row, {
    delivered: ({ applied }) => `${company}, up to date (${at(applied?.at)}).`,
    due: ({ desired, intent, removal }) => {
      if (removal) return `${company}; the folder is gone from Clavus; Moovago will be updated${why}.`;
      return intent
        ? `${company}; a request of ${at(intent.at)} got no clear answer; its outcome will be looked up.`
        : `${company}; a change of ${at(desired.at)} waits to be sent${why}.`;
    },
    refused: (refused) =>
      refused.removal === undefined
        ? failed(refused)
        : `${company}; the folder is gone from Clavus, and Moovago refused ${removalOf(refused.removal)}${why}.`,
    parked: (parked) => (isDeleted(parked) ? deletedOutcome(parked) : failed(parked)),
    ambiguous: failed,
    secondary: ({ secondaryTo }) =>
      `Shares company ${secondaryTo.companyId} with folder ${secondaryTo.folderId}, which writes it.`,
    removed: () => `${company}; the folder is gone from Clavus.`,
    ignored: ({ dueAt, secondaryTo }) =>
      `${secondaryTo === undefined ? company : `Shares company ${secondaryTo.companyId}`}; left out by hand (${at(dueAt)}): nothing of it is sent.`,
  });
}

const removalOf = (removal: 'flag' | 'delete') =>
  removal === 'delete' ? 'its deletion' : 'the mark in its name';

/** What became of something that belongs to the company. */
export function belongingOutcome(row: FolderRow): string {
  const record = row.companyId === undefined ? 'not in Moovago' : `in Moovago as ${row.companyId}`;
  const failed = ({ status, failure }: RowOf<'refused' | 'parked' | 'ambiguous'>) =>
    `${record}: ${status}, ${failure.message} (${at(failure.lastAt)})`;
  return matchRow(row, {
    delivered: ({ applied }) => `${record}, up to date (${at(applied?.at)})`,
    due: ({ dueLane, intent }) => {
      if (intent)
        return `${record}; a request of ${at(intent.at)} got no clear answer; its outcome will be looked up`;
      return dueLane === undefined ? `${record}; waits for its company` : `${record}; waits to be sent`;
    },
    refused: failed,
    parked: failed,
    ambiguous: failed,
    secondary: () => `${record}; another folder writes its company`,
    removed: () => `${record}; no longer in Clavus`,
    ignored: () => `${record}; left out by hand`,
  });
}

function deletedOutcome({ companyId, failure, desired, applied }: FolderRow): string {
  const newer = (desired?.version ?? 0) > (applied?.version ?? 0);
  return (
    `Its company ${companyId} was deleted in Moovago (found ${at(failure?.firstAt)}), and the connector does not create another.` +
    (newer ? ' The folder has changed since.' : '')
  );
}

function nextStepOf(row: FolderRow, options: StateOptions): string {
  const retry = retryOf(row.folderId, options);
  const correct = `Correct the folder in Clavus: it is then sent again automatically. Or: ${retry}`;
  return matchRow(row, {
    delivered: () => 'Nothing.',
    due: ({ dueAt }) =>
      isHeld({ dueAt })
        ? `Its company is made as soon as companies may be created again. Why they may not: ${commandText('status', options)}`
        : `Do nothing: it is sent ${dueAt === undefined ? 'soon' : at(dueAt)}; bulk changes are sent outside business hours.`,
    refused: ({ companyId, failure, removal }) => {
      if (removal !== undefined) return `Do it by hand in Moovago: company ${companyId}.`;
      return failure.kind === 'mapping'
        ? `Correct the folder in Clavus, or ${failure.field} in sync.config.ts: it is then sent automatically.`
        : correct;
    },
    parked: (parked) =>
      isDeleted(parked) ? `Do nothing if it should stay deleted. To create it again: ${retry}` : correct,
    ambiguous: ({ failure, folderId }) =>
      `Choose one of the companies ${failure.candidates?.join(', ')}: ${commandText(`link ${folderId} COMPANY`, options)}. ` +
      `For a company of its own: ${commandText(`unlink ${folderId}`, options)}`,
    secondary: ({ secondaryTo }) => commandText(`explain ${secondaryTo.folderId}`, options),
    removed: () => 'Nothing.',
    ignored: ({ folderId }) =>
      `Nothing. To sync it again: ${commandText(`ignore ${folderId} --undo`, options)}`,
  });
}
