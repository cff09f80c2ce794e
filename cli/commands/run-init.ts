import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { checkLines, checkReport } from '../check-report.ts';
import { checkProposal } from '../init/check-proposal.ts';
import type { ClavusSample } from '../init/column-contents.ts';
import { configText } from '../init/config-text.ts';
import { refuseShared, writeEnvFile } from '../init/env-file.ts';
import { proposalLines } from '../init/proposal-lines.ts';
import { type ProposedMapping, proposeMapping } from '../init/propose-mapping.ts';
import { askOnTerminal, type Questions, type Seat, seatHere } from '../init/questions.ts';
import { reachSystems } from '../init/reach-systems.ts';
import { print, say, sayLines } from '../print.ts';
import { type ServiceEnvironment, serviceEnvironment } from '../service-environment.ts';
import { openState } from '../state.ts';
import { exitStatus } from '../sync-report.ts';
import type { InitOptions } from './init.ts';

/** `init`: asks for addresses and keys, proposes a mapping from what Clavus holds, and writes both down. Returns the exit status. */
export async function runInit(options: InitOptions, seat: Seat = seatHere()): Promise<number> {
  refuseTarget(options, seat);
  const given = serviceEnvironment({ ...process.env, ...settingsIn(options) });
  if (!options.yes || Object.keys(toWrite(given)).length > 0) await refuseShared(resolve('.env'));
  using questions = options.yes ? undefined : askOnTerminal(seat);
  await using state = await openState(options);
  const { environment, systems, sample } = await reachSystems(given, state.table, questions);
  const found = await withName(proposeMapping(sample), sample, questions);
  const { proposal, config, unused, findings } = await checkProposal(found, systems);
  const { company } = proposal;
  sayLines(['', ...proposalLines(proposal, config, sample), '']);
  if (questions && !(await mayWrite(options, questions))) return exitStatus.done;
  await writeFile(options.config, configText(resolve(options.config), proposal, unused));
  const settings = toWrite(environment);
  if (Object.keys(settings).length > 0) await writeEnvFile(resolve('.env'), settings);
  const written = [options.config, ...(Object.keys(settings).length > 0 ? ['.env'] : [])];
  const report = checkReport(findings);
  const where = options.config === 'sync.config.ts' ? '' : ` --config ${options.config}`;
  print(options, { written, company, ...report }, [
    ...checkLines(findings.filter(({ severity }) => severity !== 'note')),
    `Written: ${written.join(' and ')}. Read ${options.config}, then run: npx clavus-moovago check${where}`,
  ]);
  return report.ok ? exitStatus.done : exitStatus.configuration;
}

/** Enter alone replaces no file. */
const mayWrite = ({ config, force }: InitOptions, { confirm }: Questions): Promise<boolean> =>
  existsSync(config) && !force
    ? confirm(`${config} already exists. Replace it?`, false)
    : confirm(`Write this to ${config}?`);

/** Before anything is asked. */
function refuseTarget({ config, force, yes }: InitOptions, { isTerminal }: Seat): void {
  if (!/\.[cm]?ts$/.test(config))
    throw new ConfigurationError(config, 'must end in .ts: it is written in TypeScript.');
  if (yes && existsSync(config) && !force)
    throw new ConfigurationError(
      config,
      'already exists. --force replaces it; --config FILE writes another file.',
    );
  if (!yes && !isTerminal)
    throw new ConfigurationError(
      'init',
      'there is no terminal to ask questions on. Use --yes, with the keys in the environment.',
    );
}

const settingsIn = ({ clavusApiUrl, moovagoApiUrl, moovagoApiKeyHeader }: InitOptions) => ({
  ...(clavusApiUrl === undefined ? {} : { CLAVUS_API_URL: clavusApiUrl }),
  ...(moovagoApiUrl === undefined ? {} : { MOOVAGO_API_URL: moovagoApiUrl }),
  ...(moovagoApiKeyHeader === undefined ? {} : { MOOVAGO_API_KEY_HEADER: moovagoApiKeyHeader }),
});

/** What the next command would not find in the environment. A key that is there is never copied into a file. */
function toWrite(environment: ServiceEnvironment): Record<string, string> {
  const there: Record<string, string | undefined> = serviceEnvironment(process.env);
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && value !== there[name]) changed[name] = value;
  return changed;
}

/** A company needs a name: where no column looks like one, somebody has to say. */
async function withName(
  proposal: ProposedMapping,
  { known }: ClavusSample,
  questions: Questions | undefined,
): Promise<ProposedMapping> {
  if (proposal.company.name) return proposal;
  const listed = known.map(({ id, names }) => names.at(-1) ?? id).join(', ');
  if (questions === undefined)
    throw new ConfigurationError(
      'company.name',
      `no column looks like the name of a customer. The columns are: ${listed}.`,
    );
  say(`\nNo column looks like the name of a customer. The columns are: ${listed}.`);
  const name = await questions.text('Which column holds the name');
  return { ...proposal, company: { ...proposal.company, name: { from: [name] } } };
}
