import { checkSchemaText } from '../check/check-moovago-schema.ts';
import { type CheckDependencies, checkSystems, readClavus } from '../check/check-systems.ts';
import type { Finding } from '../check/finding.ts';
import { attempt } from '../framework/attempt.ts';
import { TryLater } from '../framework/errors.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { CompanyList } from '../moovago/company.ts';
import type { Slot } from '../moovago/slot.ts';
import type { Directory } from '../state/directory.ts';
import { createMoovagoSchemaStore } from '../state/moovago-schema.ts';
import type { App } from './app.ts';
import { companiesOf, slotSoon } from './refresh-job.ts';
import { retryingClavus, retryReading } from './retry-reading.ts';

type Asked = Pick<App, 'moovago' | 'pace' | 'clock'>;
type Checked = Asked & Pick<App, 'clavus'>;

/** Checks both systems by reading them at the pace, and writes nothing to them. */
export const checkSystemsJob = (config: SyncConfig | undefined, app: Checked): Promise<Finding[]> =>
  checkSystems(config, dependenciesOf(app));

/** Clavus' columns, users and a sample of folders, and the members of Moovago's team: the material for a mapping. */
export async function readSampleJob(app: Checked) {
  const dependencies = dependenciesOf(app);
  const clavus = await readClavus(dependencies.clavus, undefined);
  const { members } = await dependencies.readTeam();
  return { ...clavus, members };
}

/** The directory of both systems as a poll stores it, for commands that only read. */
export async function readDirectoryJob(config: SyncConfig, app: Checked): Promise<Directory> {
  const dependencies = dependenciesOf(app);
  const { known, users } = await readClavus(dependencies.clavus, config);
  const team = await dependencies.readTeam();
  const mandators = config.mandators && (await dependencies.readMandators(team.id));
  return { columns: known, users, team: mandators === undefined ? team : { ...team, mandators } };
}

/** Moovago's companies as they are now, for a command that only looks. */
export async function readCompaniesNow(app: Asked): Promise<CompanyList> {
  const { readTeam, readCompanies } = readsOfMoovago(app);
  return (await readCompanies((await readTeam()).id)).companies;
}

const dependenciesOf = (app: Checked): CheckDependencies => ({
  clavus: retryingClavus(app),
  clock: app.clock,
  ...readsOfMoovago(app),
});

function readsOfMoovago(app: Asked): Pick<CheckDependencies, 'readTeam' | 'readCompanies' | 'readMandators'> {
  const { moovago, clock } = app;
  const retrying = <Value>(read: () => Promise<Value>) => retryReading(read, clock);
  return {
    readTeam: () => retrying(() => atTheSlot(moovago.team, app)),
    readCompanies: (teamId) => retrying(() => companiesOf(teamId, moovago, (read) => atTheSlot(read, app))),
    readMandators: (teamId) =>
      retrying(() => atTheSlot((slot) => moovago.mandatorList({ teamId }, slot), app)),
  };
}

/** A refused key stops no other sender: the operator of this check may have mistyped it. A 429 slows all senders down. */
async function atTheSlot<Value>(read: (slot: Slot) => Promise<Value>, app: Asked): Promise<Value> {
  const answer = await attempt(read(await slotSoon(app)));
  if (answer.ok) {
    await app.pace.succeeded();
    return answer.value;
  }
  if (answer.error instanceof TryLater && answer.error.status === 429)
    await app.pace.throttled(answer.error.retryAfterMs);
  throw answer.error;
}

/** The daily check: logs what a person must know before something breaks, and counts it for the alarm. */
export async function checkJob(app: App): Promise<{ problems: number; warnings: number }> {
  const { config, table, telemetry } = app;
  const schema = await createMoovagoSchemaStore(table).read();
  const found = [...(await checkSystemsJob(config, app)), ...checkSchemaText(schema, config)].filter(
    ({ severity }) => severity !== 'note',
  );
  const problems = found.filter(
    ({ severity, isChange, passes }) => !passes && (severity === 'error' || isChange),
  );
  for (const finding of found) {
    const { severity, where, message: reason } = finding;
    const event = problems.includes(finding) ? 'problem-found' : 'check-warning';
    telemetry.log.warn(event, { severity, where, reason });
  }
  telemetry.count('ProblemsFound', problems.length);
  return { problems: problems.length, warnings: found.length - problems.length };
}
