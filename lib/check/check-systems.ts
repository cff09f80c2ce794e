import type { ClavusClient } from '../clavus/client.ts';
import type { Folder, User } from '../clavus/folder.ts';
import { attempt } from '../framework/attempt.ts';
import type { Clock } from '../framework/clock.ts';
import { ConfigurationError, TryLater } from '../framework/errors.ts';
import { readIntrospection } from '../framework/graphql-schema.ts';
import { createColumnReader, findColumns, type KnownColumn } from '../mapping/columns.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { CompanyList, Mandator, Team } from '../moovago/company.ts';
import type { ColumnForm } from '../state/directory.ts';
import { probeColumnForm } from '../sync/detect/column-form.ts';
import { mergeColumns, readSample, readUsers } from '../sync/detect/refresh-directory.ts';
import { knownCeilings } from '../sync/detect/scan-folders.ts';
import { type CompaniesAnswer, listLimits } from '../sync/match/refresh-companies.ts';
import { checkClavusSchema } from './check-clavus-schema.ts';
import { checkColumns } from './check-columns.ts';
import { checkDates, type DateColumn, readDates } from './check-dates.ts';
import { checkBound, checkFilter, checkOrder } from './check-filter.ts';
import { checkMapping, checkMembers } from './check-mapping.ts';
import { lostWithoutReadBack } from './check-moovago-schema.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { findingsOfError } from './findings-of-error.ts';

export type CheckDependencies = {
  clavus: Pick<ClavusClient, 'getColumns' | 'getTeams' | 'getUsers' | 'getFolders' | 'introspect'>;
  clock: Pick<Clock, 'now'>;
  /** Moovago's team of the API key, read at a slot of the pace. */
  readTeam(): Promise<Team>;
  readCompanies(teamId: string): Promise<CompaniesAnswer>;
  readMandators(teamId: string): Promise<Mandator[]>;
};

const impossible = 'none is ever sent: companies cannot be read back with more than their names';
const withoutProspects = 'Ask Moovago for the fields of Company, or take prospects out of sync.config.ts.';

type Clavus = {
  known: ReturnType<typeof mergeColumns>;
  users: User[];
  folders: Folder[];
  /** What Clavus counts. */
  totalCount: number;
};

/** Runs every check on both systems that is possible without writing to them. */
export async function checkSystems(
  config: SyncConfig | undefined,
  dependencies: CheckDependencies,
): Promise<Finding[]> {
  const clavus = await asked(() => readClavus(dependencies.clavus, config));
  const team = await asked(dependencies.readTeam);
  const findings = [...clavus.findings, ...team.findings];
  if (clavus.value) findings.push(...(await checkClavus(config, clavus.value, dependencies)));
  const moovago = team.value && (await checkMoovago(config, team.value, dependencies));
  findings.push(...(moovago?.findings ?? []));
  if (!config || !clavus.value || !team.value || !isReadable(config, clavus.value)) return findings;
  const { id, members } = team.value;
  const mandators = config.mandators ? await asked(() => dependencies.readMandators(id)) : undefined;
  const sample = {
    config,
    ...clavus.value,
    members,
    mandators: mandators?.value,
    companies: moovago?.companies,
  };
  return [...findings, ...(mandators?.findings ?? []), ...checkMapping(sample)];
}

/** If a column is missing, folders cannot be read. */
const isReadable = (config: SyncConfig, { known }: Pick<Clavus, 'known'>): boolean =>
  findColumns(config, known).problems.length === 0;

/** The value, or the findings that explain why it could not be read. */
async function asked<Value>(ask: () => Promise<Value>): Promise<{ value?: Value; findings: Finding[] }> {
  const answer = await attempt(ask());
  return answer.ok ? { value: answer.value, findings: [] } : { findings: findingsOfError(answer.error) };
}

/** Reads the columns with all their names, the users, and a sample of folders. */
export async function readClavus(
  clavus: Omit<CheckDependencies['clavus'], 'introspect'>,
  config: SyncConfig | undefined,
): Promise<Clavus> {
  const listed = await clavus.getColumns();
  const users = await readUsers(clavus);
  const { folders, totalCount } = await readSample(clavus, config?.clavus.pageSize);
  return { known: mergeColumns([], listed, folders), users, folders, totalCount };
}

async function checkClavus(
  config: SyncConfig | undefined,
  { known, users, folders, totalCount }: Clavus,
  dependencies: CheckDependencies,
): Promise<Finding[]> {
  const findings = [
    note('Clavus', `${known.length} columns and ${users.length} users can be read`),
    ...(await checkOwnSchema(config, dependencies)),
  ];
  if (config === undefined) return findings;
  findings.push(...checkColumns(config, known, folders));
  if (folders.length === 0)
    return [...findings, note('Clavus', 'shows no folder yet: less could be checked')];
  findings.push(...(await checkCeiling(totalCount, config, dependencies)));
  if (!isReadable(config, { known })) return findings;
  const sample = { config, known, folders };
  const { findings: ofFilter } = await findingsOf(() => checkFilter(sample, dependencies.clavus.getFolders));
  const form = await probeColumnForm(sample, dependencies.clavus);
  return [...findings, ...ofFilter, ...(await checkDateColumns(sample, dependencies)), noteOfForm(form)];
}

/** Says where Clavus' lists end, if that shows: at the greatest known limit that it counts beyond, or just at one. */
async function checkCeiling(
  totalCount: number,
  { clavus: { pageSize } }: SyncConfig,
  { clavus: { getFolders } }: CheckDependencies,
): Promise<Finding[]> {
  const cure = 'They are read in parts, see clavus.createdColumn. `sync` says so if that does not show all.';
  const ceiling = knownCeilings.findLast((limit) => limit <= totalCount);
  if (ceiling === undefined) return [];
  if (ceiling === totalCount)
    return [
      note('Clavus', `counts exactly ${ceiling} folders, where many lists end: there may be more. ${cure}`),
    ];
  const page = Math.floor(ceiling / pageSize) + 2;
  if (totalCount <= (page - 1) * pageSize) return [];
  const { value, findings } = await asked(() => getFolders({ page, itemParPage: pageSize }));
  if (value === undefined || value.folders.length > 0) return findings;
  return [note('Clavus', `counts ${totalCount} folders, and its lists end at ${ceiling} or before. ${cure}`)];
}

function noteOfForm(form: ColumnForm | undefined): Finding {
  if (form === undefined)
    return note('Clavus', 'cannot be shown to return some columns only: each page carries all of them');
  const names = form === 'id' ? 'their ids' : 'the names in sync.config.ts';
  return note('Clavus', `takes the columns to return by ${names}: pages carry no others`);
}

async function findingsOf(check: () => Promise<Finding[]>): Promise<{ findings: Finding[] }> {
  const { value = [], findings } = await asked(check);
  return { findings: [...value, ...findings] };
}

async function checkDateColumns(
  sample: { config: SyncConfig; known: KnownColumn[]; folders: Folder[] },
  { clavus: { getFolders }, clock }: CheckDependencies,
): Promise<Finding[]> {
  const { config, known, folders } = sample;
  const { modifiedColumn, createdColumn } = config.clavus;
  const read = createColumnReader(config, known);
  const findings: Finding[] = [];
  const checkColumn = async (column: DateColumn, ask: (usable: string[]) => Promise<Finding[]>) => {
    const values = folders.map((folder) => read(folder, column.reference));
    const dates = readDates(values, { zone: config.pace.timezone, now: clock.now() });
    const found = checkDates(column, dates);
    const isUsable = found.every(({ severity }) => severity !== 'error');
    findings.push(...found, ...(isUsable ? (await findingsOf(() => ask(dates.usable))).findings : []));
  };
  if (modifiedColumn !== undefined) {
    const column = { path: 'clavus.modifiedColumn', reference: modifiedColumn };
    await checkColumn(column, (usable) => checkBound(column, usable, sample, getFolders));
  }
  if (createdColumn !== undefined) {
    const column = { path: 'clavus.createdColumn', reference: createdColumn };
    await checkColumn(column, () => checkOrder(column, sample, getFolders));
  }
  return findings;
}

/** Checks Clavus' schema. If Clavus does not return it, that is no problem: the synchronisation does not need it. */
async function checkOwnSchema(
  config: SyncConfig | undefined,
  { clavus }: CheckDependencies,
): Promise<Finding[]> {
  const answer = await attempt(clavus.introspect());
  if (answer.ok) return checkClavusSchema(readIntrospection(answer.value), config);
  if (answer.error instanceof ConfigurationError || answer.error instanceof TryLater)
    return checkClavusSchema(undefined, config);
  throw answer.error;
}

async function checkMoovago(
  config: SyncConfig | undefined,
  team: Team,
  dependencies: CheckDependencies,
): Promise<{ findings: Finding[]; companies: CompanyList | undefined }> {
  const { value: read, findings } = await asked(() => dependencies.readCompanies(team.id));
  return {
    findings: [
      note('Moovago', `a team of ${team.members.length} members can be read`),
      ...(config === undefined ? [] : checkMembers(config, team.members)),
      ...findings,
      ...(read === undefined ? [] : checkReadBack(read, config)),
    ],
    companies: read?.companies,
  };
}

const mayBeCut =
  'lists exactly as many companies as lists of servers often end at: nothing is created until that is certain';
const proveTheList =
  'Add one company by hand in Moovago: if the list then shows one more, all goes on by itself. Otherwise ask Moovago for the whole list.';

function checkReadBack({ companies, readBack }: CompaniesAnswer, config: SyncConfig | undefined): Finding[] {
  if (readBack === 'documented')
    return [
      ...(config?.prospects ? [error('prospects', impossible, { cure: withoutProspects })] : []),
      warning('Moovago', lostWithoutReadBack, {
        cure: 'Every change is sent all the same. Ask Moovago to give note, email and phone in companyList; until then, look now and then for companies that are there twice under different names.',
      }),
    ];
  const read = note('Moovago', `${companies.length} companies can be read, with their texts`);
  return listLimits.includes(companies.length)
    ? [read, warning('Moovago', mayBeCut, { cure: proveTheList })]
    : [read];
}
