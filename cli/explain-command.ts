import { resolve } from 'node:path';
import { DateTime } from 'luxon';
import type { Folder } from '../lib/clavus/folder.ts';
import { loadSyncConfig } from '../lib/framework/sync-config-file.ts';
import { proveConfig } from '../lib/jobs/proved-config.ts';
import { createFolderMapper, type MappedFolder } from '../lib/mapping/map-folder.ts';
import { textFields } from '../lib/moovago/company.ts';
import { entities } from '../lib/moovago/entities/entities.ts';
import { type ChildName, childNames } from '../lib/moovago/entities/entity.ts';
import type { EntityRecord, RecordField } from '../lib/moovago/entities/record.ts';
import { createDirectoryStore } from '../lib/state/directory.ts';
import type { FolderRow } from '../lib/state/folder-row.ts';
import { createFolderRows } from '../lib/state/folder-rows.ts';
import { childRowId } from '../lib/state/row-id.ts';
import { isDeleted } from '../lib/sync/row-transitions.ts';
import { print } from './print.ts';
import { explanationOfProspect, prospectLinksIn } from './prospect-lines.ts';
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
  /** What belongs to its company in Moovago, where the tenant wants that. */
  belongings: { child: ChildName; outcome: string; row: FolderRow }[];
};

/**
 * `explain FOLDER`: what Clavus has, what it maps to, what Moovago was given, what went wrong; or, of a company that a rep
 * made, what became of it in Clavus. Returns the exit status.
 */
export async function runExplain(folderId: string, options: ExplainOptions): Promise<number> {
  await using state = await openState(options);
  const rows = createFolderRows(state.table, () => crypto.randomUUID());
  const found = await rows.read([folderId, ...childNames.map((child) => childRowId(child, folderId))]);
  const row = found.get(folderId) ?? null;
  const link = row === null ? await prospectLinksIn(state.table).read(folderId) : undefined;
  if (link !== undefined) {
    print(options, { companyId: folderId, ...link }, explanationOfProspect(link));
    return 0;
  }
  const folder = await readFolder(folderId, options.stage);
  const mapped = folder ? await mapAsNow(folder, state, options) : null;
  const explanation: Explanation = {
    folderId,
    ...words(row, folder !== undefined, options),
    inClavus: folder !== undefined,
    mapped,
    row,
    belongings: childNames.flatMap((child) => {
      const own = found.get(childRowId(child, folderId));
      return own ? [{ child, outcome: belongingOutcome(own), row: own }] : [];
    }),
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
  const { config: proved } = await proveConfig(await loadSyncConfig(resolve(config)), state.table);
  return createFolderMapper({
    config: proved,
    knownColumns: columns,
    users,
    members: team.members,
    mandators: team.mandators,
    stage: state.stage,
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

/** The same of something that belongs to the company. */
function belongingOutcome(row: FolderRow): string {
  const record = row.companyId === undefined ? 'not in Moovago' : `in Moovago as ${row.companyId}`;
  if (row.status === 'delivered') return `${record}, up to date (${at(row.applied?.at)})`;
  if (row.status === 'removed') return `${record}; nothing in Clavus any more`;
  if (row.status !== 'due')
    return `${record}: ${row.status}, ${row.failure?.message} (${at(row.failure?.lastAt)})`;
  if (row.intent) return `${record}; a request of ${at(row.intent.at)} got no clear answer and settles`;
  return row.dueLane === undefined ? `${record}; waits for its company` : `${record}; waits to be sent`;
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

/** A field a line. */
function comparison(fields: readonly RecordField[], now: EntityRecord, given: EntityRecord): string[] {
  const cell = (record: EntityRecord, field: RecordField) => {
    const value = record[field];
    return (Array.isArray(value) ? value.join(', ') : (value ?? '–')).replace(/\s+/g, ' ').slice(0, 38);
  };
  return fields.map((field) => `  ${field.padEnd(12)}${cell(now, field).padEnd(40)}${cell(given, field)}`);
}

function belongingLines({ belongings, mapped }: Explanation): string[] {
  const children = mapped?.kind === 'mapped' ? (mapped.children ?? []) : [];
  return belongings.flatMap(({ child, outcome, row }) => {
    const now = children.find((one) => one.child === child);
    const record = now?.kind === 'mapped' ? now.record : {};
    const given = row.applied?.record ?? {};
    return ['', `  ${child}: ${outcome}`, ...comparison(entities[child].fields, record, given)];
  });
}

function explanationLines(explanation: Explanation): string[] {
  const { folderId, outcome, nextStep, mapped, row } = explanation;
  const now = mapped?.kind === 'mapped' ? mapped.record : {};
  const given = row?.applied?.record ?? {};
  const hasMandators = now.mandatorIds !== undefined || given.mandatorIds !== undefined;
  return [
    `Folder ${folderId}`,
    outcome,
    `Next step: ${nextStep}`,
    ...(mapped?.kind === 'unmappable' ? [`It cannot be mapped now: ${mapped.field}: ${mapped.reason}`] : []),
    '',
    `  ${''.padEnd(12)}${'Clavus now maps to'.padEnd(40)}Moovago was given`,
    ...comparison(hasMandators ? [...fields, 'mandatorIds'] : fields, now, given),
    ...belongingLines(explanation),
  ];
}

const fields = [...textFields, 'ownerIds'] as const;
