import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../lib/framework/environment.ts';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { surroundingsIn } from '../../lib/jobs/app.ts';
import { readStack, type Stack } from '../../local/template.ts';
import { requireSettings } from '../missing-settings.ts';
import { copyTable } from '../plan/copy-table.ts';
import { makePlan } from '../plan/make-plan.ts';
import { planCsv } from '../plan/plan-csv.ts';
import { planLines } from '../plan/plan-lines.ts';
import { noSqs } from '../plan/read-only-services.ts';
import { createRecordingTelemetry, type ReportedEvent } from '../plan/recording-telemetry.ts';
import { print } from '../print.ts';
import { writePrivateFile } from '../private-file.ts';
import type { ServiceEnvironment } from '../service-environment.ts';
import { environmentOf } from '../stage-environment.ts';
import { exitStatus } from '../sync-report.ts';
import { createTerminal } from '../terminal.ts';
import type { PlanOptions } from './plan.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The plan itself shows them. */
const inPlan = ['folder-unmappable', 'removals-held'];

/** `plan`: what `sync` would do. Writes nothing, but the file of `--csv`. Returns the exit status. */
export async function runPlan(options: PlanOptions): Promise<number> {
  const { limit, folder, csv, csvSeparator, stage = 'local' } = options;
  const terminal = createTerminal({ verbose: false });
  const services = await environmentOf(options.stage);
  requireSettings(services, options.stage);
  const stack = readStack(root, { stage, environment: process.env });
  const environment = environmentFor(options, stack, services);
  const { telemetry, reported } = createRecordingTelemetry();
  await using copy = await copyTable(
    { stage: options.stage, dataDir: options.dataDir, tableName: environment.TABLE_NAME },
    stack,
  );
  const surroundings = await surroundingsIn(environment, telemetry, { table: copy.table, sqs: noSqs() });
  const isShared = options.stage !== undefined || Boolean(process.env.AWS_ENDPOINT_URL_DYNAMODB);
  terminal.say('Reading Clavus and Moovago …');
  const plan = await makePlan(
    { ...(limit === undefined ? {} : { limit }), ...(folder === undefined ? {} : { folderIds: [folder] }) },
    { surroundings, before: copy.before, writer: writerOf(stack), isShared },
  );
  for (const { event: message, ...line } of reported.filter(isNews)) terminal.log({ ...line, message });
  if (csv !== undefined)
    await writePrivateFile(
      resolve(csv),
      planCsv(plan, { separator: csvSeparator, language: languageHere() }),
    );
  print(options, plan, planLines(plan, { ...options, config: surroundings.config, isShared }));
  return plan.complete ? exitStatus.done : exitStatus.pending;
}

/** As the system or LANG says. */
const languageHere = () => new Intl.Locale(new Intl.DateTimeFormat().resolvedOptions().locale).language;

const isNews = ({ level, event }: ReportedEvent) => level !== 'INFO' && !inPlan.includes(event);

/** What pollClavus finds in its environment, on this machine or deployed. */
function environmentFor(
  { config, stage, ignoreBusinessHours }: PlanOptions,
  stack: Stack,
  services: ServiceEnvironment,
) {
  const given = stack.functions.find(({ name }) => name === 'pollClavus')?.environment ?? {};
  const texts = Object.entries(given).filter(([, value]) => typeof value === 'string');
  const ofStage = Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
  // On this machine the keys come from the environment, and nothing asks AWS for them.
  const noParameters = { CLAVUS_API_KEY_PARAMETER: '', MOOVAGO_API_KEY_PARAMETER: '' };
  return readEnvironment({
    ...ofStage,
    ...(stage === undefined ? noParameters : {}),
    ...services,
    QUEUE_URL: 'none',
    SYNC_CONFIG_FILE: resolve(config),
    ...(ignoreBusinessHours ? { IGNORE_BUSINESS_HOURS: '1' } : {}),
  });
}

function writerOf({ functions }: Stack) {
  const writer = functions.find(({ name }) => name === 'writeMoovago');
  const [trigger] = writer?.queues ?? [];
  if (writer === undefined || trigger === undefined)
    throw new ConfigurationError('serverless.yml', 'writeMoovago has no queue');
  return { ...trigger, timeoutSeconds: writer.timeoutSeconds };
}
