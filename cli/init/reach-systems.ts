import { attempt } from '../../lib/framework/attempt.ts';
import { serviceSettingsProblems } from '../../lib/framework/environment.ts';
import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import { readSampleJob } from '../../lib/jobs/check-job.ts';
import type { Table } from '../../lib/state/table.ts';
import { missingSettings, notSet } from '../missing-settings.ts';
import { say } from '../print.ts';
import type { ServiceEnvironment } from '../service-environment.ts';
import { openSystems, type Systems } from '../systems.ts';
import { troubleText } from '../trouble-text.ts';
import type { ClavusSample } from './column-contents.ts';
import type { Questions } from './questions.ts';

const attemptsMax = 3;

type Reached = { environment: ServiceEnvironment; systems: Systems; sample: ClavusSample };

/**
 * Reads what a mapping is made from, with the addresses and keys that are given or, where somebody can be asked, with
 * those that work in the end.
 * @throws ConfigurationError for a setting that is wrong, TryLater where nobody answers
 */
export async function reachSystems(
  given: ServiceEnvironment,
  table: Table,
  questions: Questions | undefined,
): Promise<Reached> {
  let environment = given;
  for (let tried = 1; ; tried++) {
    if (questions) environment = await askFor(environment, questions);
    const reached = await attempt(reach(environment, table));
    if (reached.ok) return reached.value;
    const { error } = reached;
    const isSetting = error instanceof ConfigurationError || error instanceof TryLater;
    if (questions === undefined || tried === attemptsMax || !isSetting) throw error;
    say(`\n✗ ${troubleText(error)}\n`);
  }
}

async function reach(environment: ServiceEnvironment, table: Table): Promise<Reached> {
  const missing = missingSettings(environment);
  if (missing.length > 0) throw notSet(missing, 'init needs the address and the key of both systems.');
  const [problem] = serviceSettingsProblems(environment);
  if (problem) throw new ConfigurationError(problem.where, problem.message);
  const systems = openSystems(environment, { table, config: undefined });
  say('Reading Clavus and Moovago …');
  return { environment, systems, sample: await readSampleJob(systems) };
}

async function askFor(given: ServiceEnvironment, { text, secret }: Questions): Promise<ServiceEnvironment> {
  return {
    CLAVUS_API_URL: await text("Clavus' address", given.CLAVUS_API_URL),
    CLAVUS_API_KEY: await secret('Clavus\' key, from "Gestion des clés API"', given.CLAVUS_API_KEY),
    MOOVAGO_API_URL: await text("Moovago's address, from the mail with the key", given.MOOVAGO_API_URL),
    MOOVAGO_API_KEY: await secret("Moovago's key", given.MOOVAGO_API_KEY),
    MOOVAGO_API_KEY_HEADER: await text(
      'The header for the key, from the same mail',
      given.MOOVAGO_API_KEY_HEADER,
    ),
    PRIVATE_HOSTS: given.PRIVATE_HOSTS,
  };
}
