import { resolve } from 'node:path';
import { DateTime } from 'luxon';
import type { Folder } from '../lib/clavus/folder.ts';
import { loadSyncConfig } from '../lib/framework/sync-config-file.ts';
import { createFolderMapper, type MappedFolder } from '../lib/mapping/map-folder.ts';
import { type CompanyRecord, textFields } from '../lib/moovago/company.ts';
import { createDirectoryStore } from '../lib/state/directory.ts';
import type { FolderRow } from '../lib/state/folder-row.ts';
import { createFolderRows } from '../lib/state/folder-rows.ts';
import { isDeleted } from '../lib/sync/row-transitions.ts';
import { print } from './print.ts';
import { serviceEnvironment } from './service-environment.ts';
import { commandText, openState, type State, type StateOptions } from './state.ts';
import { openClavus } from './systems.ts';

export type ExplainOptions = StateOptions & { json?: boolean };

type Explanation = {
  folderId: string;
  /** What became of it, in a sentence. */
  outcome: string;
  /** What to do next, in a sentence. */
  nextStep: string;
  inClavus: boolean;
  /** What Clavus holds now maps to this; or why it cannot be mapped. */
  mapped: MappedFolder | null;
  row: FolderRow | null;
};

/** `explain FOLDER`: what Clavus has, what it maps to, what Moovago was given, what went wrong. Returns the exit status. */
export async function runExplain(folderId: string, options: ExplainOptions): Promise<number> {
  await using state = await openState(options);
  const rows = createFolderRows(state.table, () => crypto.randomUUID());
  const row = (await rows.read([folderId])).get(folderId) ?? null;
  const folder = await readFolder(folderId, options.stage);
  const mapped = folder ? await mapAsNow(folder, state, options) : null;
  const explanation: Explanation = {
    folderId,
    ...words(row, folder !== undefined, options),
    inClavus: folder !== undefined,
    mapped,
    row,
  };
  print(options, explanation, explanationLines(explanation));
  return 0;
}

async function readFolder(folderId: string, stage: string | undefined): Promise<Folder | undefined> {
  const clavus = openClavus(serviceEnvironment(process.env), stage);
  return (await clavus.getValuesByIds([folderId])).find(({ id }) => id === folderId);
}

async function mapAsNow(
  folder: Folder,
  state: State,
  { config }: ExplainOptions,
): Promise<MappedFolder | null> {
  const directory = await createDirectoryStore(state.table).read();
  if (directory === undefined) return null;
  const { columns, users, team } = directory;
  const syncConfig = await loadSyncConfig(resolve(config));
  const { stage } = state;
  return createFolderMapper({
    config: syncConfig,
    knownColumns: columns,
    users,
    members: team.members,
    stage,
  })(folder);
}

const at = (time: number | undefined) =>
  time === undefined ? '' : (DateTime.fromMillis(time).toRelative() ?? '');

/** The command that sends a folder again: a deployed stage does so itself. */
const retryOf = (folderId: string, { stage }: ExplainOptions): string =>
  stage === undefined
    ? `npx clavus-moovago retry ${folderId}`
    : `aws lambda invoke --function-name clavus-moovago-${stage}-pollClavus --cli-binary-format raw-in-base64-out ` +
      `--payload '{"folderIds":["${folderId}"],"again":true}' /dev/stdout`;

function words(
  row: FolderRow | null,
  inClavus: boolean,
  options: ExplainOptions,
): { outcome: string; nextStep: string } {
  if (row === null)
    return inClavus
      ? {
          outcome: 'Clavus has it, and no poll has seen it yet.',
          nextStep: 'It comes with the next poll, unless clavus.filter leaves it out.',
        }
      : {
          outcome: 'Clavus does not show it to this key, and no poll ever saw it.',
          nextStep: 'Check the id.',
        };
  return { outcome: outcomeOf(row), nextStep: nextStepOf(row, options) };
}

function outcomeOf(row: FolderRow): string {
  if (isDeleted(row)) return deletedOutcome(row);
  const company = row.companyId === undefined ? 'Not in Moovago' : `In Moovago as company ${row.companyId}`;
  const why = row.failure ? `, ${row.failure.message} (${at(row.failure.lastAt)})` : '';
  switch (row.status) {
    case 'delivered':
      return `${company}, up to date (${at(row.applied?.at)}).`;
    case 'due':
      if (row.removal)
        return `${company}; the folder is gone from Clavus, and that waits to be said there${why}.`;
      return row.intent
        ? `${company}; a request of ${at(row.intent.at)} got no clear answer and settles.`
        : `${company}; a change of ${at(row.desired?.at)} waits to be sent${why}.`;
    case 'secondary':
      return `Shares company ${row.secondaryTo?.companyId} with folder ${row.secondaryTo?.folderId}, which writes it.`;
    case 'removed':
      return `${company}; the folder is gone from Clavus.`;
    default:
      return `${company}: ${row.status}${why}.`;
  }
}

function deletedOutcome({ companyId, failure, desired, applied }: FolderRow): string {
  const newer = (desired?.version ?? 0) > (applied?.version ?? 0);
  return (
    `Its company ${companyId} was deleted in Moovago (found ${at(failure?.firstAt)}), and no other is made by itself.` +
    (newer ? ' The folder has changed since.' : '')
  );
}

function nextStepOf(row: FolderRow, options: ExplainOptions): string {
  const retry = retryOf(row.folderId, options);
  if (isDeleted(row)) return `Nothing, if it is not to be there. For a new company: ${retry}`;
  if (row.status === 'due')
    return `Nothing: it is sent ${row.dueAt === undefined ? 'soon' : at(row.dueAt)}, bulk outside of business hours.`;
  if (row.status === 'delivered' || row.status === 'removed') return 'Nothing.';
  if (row.status === 'secondary') return commandText(`explain ${row.secondaryTo?.folderId}`, options);
  if (row.status === 'ambiguous')
    return `Keep one of the companies ${row.failure?.candidates?.join(', ')} in Moovago, then: ${retry}`;
  if (row.failure?.kind === 'mapping')
    return `Correct the folder in Clavus, or ${row.failure.field} in sync.config.ts: it is sent by itself then.`;
  return `Correct the folder in Clavus: it is sent again by itself. Or: ${retry}`;
}

function explanationLines({ folderId, outcome, nextStep, mapped, row }: Explanation): string[] {
  const now = mapped?.kind === 'mapped' ? mapped.record : {};
  const given = row?.applied?.record ?? {};
  const cell = (record: CompanyRecord, field: (typeof fields)[number]) => {
    const value = record[field];
    return (Array.isArray(value) ? value.join(', ') : (value ?? '–')).replace(/\s+/g, ' ').slice(0, 38);
  };
  return [
    `Folder ${folderId}`,
    outcome,
    `Next step: ${nextStep}`,
    ...(mapped?.kind === 'unmappable' ? [`It cannot be mapped now: ${mapped.field}: ${mapped.reason}`] : []),
    '',
    `  ${''.padEnd(12)}${'Clavus now maps to'.padEnd(40)}Moovago was given`,
    ...fields.map((field) => `  ${field.padEnd(12)}${cell(now, field).padEnd(40)}${cell(given, field)}`),
  ];
}

const fields = [...textFields, 'ownerIds'] as const;
