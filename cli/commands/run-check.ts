import { readFile } from 'node:fs/promises';
import { checkConfiguration } from '../../lib/check/check-configuration.ts';
import { checkSchemaText } from '../../lib/check/check-moovago-schema.ts';
import { verifiedOptIns } from '../../lib/check/check-opt-ins.ts';
import { error, type Finding, note, warning } from '../../lib/check/finding.ts';
import { findingsOfError } from '../../lib/check/findings-of-error.ts';
import { attempt } from '../../lib/framework/attempt.ts';
import { readSchema } from '../../lib/framework/graphql-schema.ts';
import { serviceAddress } from '../../lib/framework/service-address.ts';
import { checkSystemsJob } from '../../lib/jobs/check-job.ts';
import { checkSyncConfig, type SyncConfig } from '../../lib/mapping/sync-config.ts';
import { importSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { createMoovagoSchemaStore } from '../../lib/state/moovago-schema.ts';
import { createVerifiedOperations } from '../../lib/state/verified-operations.ts';
import { checkLines, checkReport } from '../check-report.ts';
import { missingSettings, settingsCure, settingsProblems } from '../missing-settings.ts';
import { print } from '../print.ts';
import { isReadByOthers } from '../private-file.ts';
import type { ServiceEnvironment } from '../service-environment.ts';
import { environmentOf } from '../stage-environment.ts';
import { openState } from '../state.ts';
import { exitStatus } from '../sync-report.ts';
import { openSystems } from '../systems.ts';
import { createTerminal } from '../terminal.ts';
import type { CheckOptions } from './check.ts';

/** `check`: what is wrong with the configuration, the keys and the two systems. Returns the exit status. */
export async function runCheck(options: CheckOptions): Promise<number> {
  const { config, findings } = await readConfig(options.config);
  if (config) findings.push(...checkConfiguration(config));
  const environment = await usableEnvironment(options, findings);
  const schema = await readSchemaFile(options.moovagoSchema);
  findings.push(...schema.findings);
  if (!options.offline && environment)
    findings.push(...(await checkOnline(environment, config, schema.text, options)));
  else if (schema.text !== undefined) findings.push(...checkSchemaText(schema.text, config));
  if (!options.offline && !environment)
    findings.push(note('Clavus and Moovago', 'were not asked: correct the settings first'));
  const report = checkReport(findings);
  print(options, report, checkLines(findings, options));
  return report.ok ? exitStatus.done : exitStatus.configuration;
}

async function readConfig(file: string): Promise<{ config?: SyncConfig; findings: Finding[] }> {
  const loaded = await attempt(importSyncConfig(file));
  if (!loaded.ok) return { findings: findingsOfError(loaded.error) };
  const checked = checkSyncConfig(loaded.value);
  if ('config' in checked) return { config: checked.config, findings: [] };
  return {
    findings: checked.problems.map(({ path, message }) =>
      error(path === '' ? file : `${file}: ${path}`, message),
    ),
  };
}

async function readSchemaFile(file: string | undefined): Promise<{ text?: string; findings: Finding[] }> {
  if (file === undefined) return { findings: [] };
  const read = await attempt(readFile(file, 'utf8'));
  if (read.ok) return { text: read.value, findings: [] };
  const cure = "Give the file moovago_api_graphql_schema.gql, which you download from Moovago's guide.";
  return { findings: [error(file, 'cannot be read', { cure })] };
}

/** Addresses and keys, if nothing is wrong with them. Those of a deployed stage are on AWS, which `--offline` does not ask. */
async function usableEnvironment(
  { stage, offline }: CheckOptions,
  findings: Finding[],
): Promise<ServiceEnvironment | undefined> {
  if (stage !== undefined && offline) return undefined;
  const read = await attempt(environmentOf(stage));
  if (!read.ok) {
    findings.push(...findingsOfError(read.error));
    return undefined;
  }
  const wrong = await checkEnvironment(read.value, stage);
  findings.push(...wrong, ...(stage === undefined ? await checkEnvFile() : []));
  return wrong.length === 0 ? read.value : undefined;
}

/** On a deployed stage the keys are in SSM. */
async function checkEnvironment(
  environment: ServiceEnvironment,
  stage: string | undefined,
): Promise<Finding[]> {
  const missing = missingSettings(environment, stage);
  const problems = settingsProblems(environment, stage).map(({ where, message }) =>
    error(where, message, {
      cure: missing.includes(where)
        ? settingsCure([where], stage)
        : stage === undefined
          ? 'Correct it in .env, or in the environment.'
          : `Correct it in .env.${stage}, and deploy.`,
    }),
  );
  const addresses = (['CLAVUS_API_URL', 'MOOVAGO_API_URL'] as const).map(async (name) => {
    const address = environment[name];
    const read = await attempt(
      (async () => address && serviceAddress(name, address, environment.PRIVATE_HOSTS))(),
    );
    return read.ok ? [] : findingsOfError(read.error);
  });
  return [...problems, ...(await Promise.all(addresses)).flat()];
}

async function checkEnvFile(): Promise<Finding[]> {
  if (!(await isReadByOthers('.env'))) return [];
  const cure = 'Run `chmod 600 .env`.';
  return [warning('.env', 'holds keys, and other people on this machine may read it', { cure })];
}

async function checkOnline(
  environment: ServiceEnvironment,
  config: SyncConfig | undefined,
  schemaText: string | undefined,
  options: CheckOptions,
): Promise<Finding[]> {
  createTerminal({ verbose: false }).say('Asking Clavus and Moovago …');
  const opened = await attempt(openState(options));
  if (!opened.ok) return findingsOfError(opened.error);
  await using state = opened.value;
  const { stage } = options;
  const systems = openSystems(environment, { table: state.table, config, stage });
  // Whoever checks may have corrected the key.
  await systems.pace.tryKeyAgain();
  const findings = await checkSystemsJob(config, systems);
  if (config === undefined)
    findings.push(note('Columns and people', 'could not be checked without a valid configuration'));
  const kept = createMoovagoSchemaStore(state.table);
  const schema = schemaText ?? (await kept.read());
  findings.push(...checkSchemaText(schema, config));
  const verified = schema !== undefined && config ? verifiedOptIns(schema, config) : undefined;
  if (verified !== undefined) await createVerifiedOperations(state.table).save('proved', verified);
  if (schemaText !== undefined && 'schema' in readSchema(schemaText)) {
    const saved = await attempt(kept.save(schemaText));
    const isKept = note("Moovago's schema", `is kept for the daily check of ${stage ?? 'this machine'}`);
    findings.push(...(saved.ok ? [isKept] : findingsOfError(saved.error)));
  }
  return findings;
}
