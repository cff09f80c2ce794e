import { resolve } from 'node:path';
import { systemClock } from '../lib/framework/clock.ts';
import { loadSyncConfig } from '../lib/mapping/sync-config-file.ts';
import { bulkTimeFrom } from '../lib/pace/business-hours.ts';
import { createPace } from '../lib/pace/pace.ts';
import { createPaceItem } from '../lib/pace/pace-item.ts';
import { paceRules } from '../lib/pace/pace-rules.ts';
import { createChangeQueue } from '../lib/state/change-queue.ts';
import { createFolderRows } from '../lib/state/folder-rows.ts';
import { createPilotStore } from '../lib/state/pilot.ts';
import { createRemovalsStore } from '../lib/state/removals.ts';
import { startEmbeddedStack } from '../local/embedded-stack.ts';
import { createFunctionOutput, type LogEntry } from './function-output.ts';
import { keepYoungSpaceSmall } from './small-heap.ts';

/** The name of the stage on this machine. */
export const localStage = 'local';

/** The stack of serverless.yml, as the command line runs it. `stage` is always `local`. */
export const startStack = (
  options: Pick<SessionOptions, 'config' | 'dataDir' | 'ignoreBusinessHours' | 'environment'>,
  onLog: (functionName: string, line: string) => void,
) =>
  startEmbeddedStack({
    stage: localStage,
    dataDir: options.dataDir === undefined ? undefined : resolve(options.dataDir),
    environment: {
      ...process.env,
      // The stack's own names, whatever else a shell happens to have under them.
      STAGE: undefined,
      TABLE_NAME: undefined,
      QUEUE_URL: undefined,
      // On this machine the keys come from the environment, and nothing asks AWS for them.
      CLAVUS_API_KEY_PARAMETER: '',
      MOOVAGO_API_KEY_PARAMETER: '',
      SYNC_CONFIG_FILE: resolve(options.config),
      ...(options.ignoreBusinessHours ? { IGNORE_BUSINESS_HOURS: '1' } : {}),
      ...options.environment,
    },
    onLog,
  });

/** Nobody else can have the state of this machine: what an earlier process left open is this one's to take over. */
export function isAlone(): boolean {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS } = process.env;
  return AWS_ENDPOINT_URL_DYNAMODB === undefined && AWS_ENDPOINT_URL_SQS === undefined;
}

export type SessionOptions = {
  /** Path of the configuration file. */
  config: string;
  /** Where the state is kept on disk; in memory where it is not given. */
  dataDir?: string;
  ignoreBusinessHours?: boolean;
  /** Addresses and keys, over the process's own. */
  environment?: Record<string, string>;
  onLog(entry: LogEntry): void;
};

export type Session = Awaited<ReturnType<typeof openSession>>;

/** The stack of serverless.yml running in this process, with what the command line needs to watch it. */
export async function openSession(options: SessionOptions) {
  keepYoungSpaceSmall();
  const config = await loadSyncConfig(resolve(options.config));
  const output = createFunctionOutput(options.onLog);
  const stack = await startStack(options, output.take);
  const pace = paceRules(config, options.ignoreBusinessHours ?? false);
  const { TABLE_NAME = '', QUEUE_URL = '' } = stack.environmentOf('pollClavus');
  const table = { client: stack.documents, name: TABLE_NAME };
  const queue = createChangeQueue(stack.sqs, QUEUE_URL);
  const rows = createFolderRows(table, () => crypto.randomUUID());
  // Whoever starts a command may have corrected the key.
  await createPace(pace, {
    item: createPaceItem(table),
    clock: systemClock,
    onReset: () => {},
  }).tryKeyAgain();
  return {
    stack,
    table,
    queue,
    /** Whether nothing is on the queue, or on its way from it. */
    isIdle: async () => stack.idle() && (await queue.depth()) === 0,
    alone: isAlone(),
    rows,
    pilot: createPilotStore(table),
    removals: createRemovalsStore(table),
    total: output.total,
    clock: systemClock,
    config,
    pace,
    /** The first moment from `at` on when bulk may be sent, in milliseconds since the epoch. */
    bulkTimeFrom: (at: number) => bulkTimeFrom(at, pace.business),
    [Symbol.asyncDispose]: () => stack.close(),
  };
}
