import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createClavusClient } from '../clavus/client.ts';
import { createMoovagoClient } from '../moovago/client.ts';
import { createPace, paceRules } from '../moovago/pace.ts';
import { createCursorStore } from '../state/cursor.ts';
import { createDirectoryStore } from '../state/directory.ts';
import { createFingerprints } from '../state/fingerprints.ts';
import { createFolderRows } from '../state/folder-rows.ts';
import { createPaceItem } from '../state/pace-item.ts';
import { documentClient } from '../state/table.ts';
import { createChangeQueue } from '../sync/change-queue.ts';
import { systemClock } from './clock.ts';
import { readEnvironment } from './environment.ts';
import { keyReader } from './keys.ts';
import { serviceAddress } from './service-address.ts';
import { loadSyncConfig } from './sync-config-file.ts';
import { createTelemetry } from './telemetry.ts';

export type App = Awaited<ReturnType<typeof createApp>>;

/** Everything real that the functions share: made once per execution environment. */
export async function createApp(functionName: string) {
  const environment = readEnvironment();
  const config = await loadSyncConfig(environment.SYNC_CONFIG_FILE);
  const telemetry = createTelemetry(environment.STAGE, functionName);
  const { log, count } = telemetry;
  const clock = systemClock;
  const newId = () => randomUUID();
  const table = {
    client: documentClient(new DynamoDBClient({})),
    name: environment.TABLE_NAME,
  };
  const clavus = createClavusClient({
    url: serviceAddress('CLAVUS_API_URL', environment.CLAVUS_API_URL),
    key: keyReader('CLAVUS_API_KEY', environment.CLAVUS_API_KEY, environment.CLAVUS_API_KEY_PARAMETER),
    onRequest: () => count('ClavusRequests'),
  });
  const moovago = createMoovagoClient({
    url: serviceAddress('MOOVAGO_API_URL', environment.MOOVAGO_API_URL),
    key: keyReader('MOOVAGO_API_KEY', environment.MOOVAGO_API_KEY, environment.MOOVAGO_API_KEY_PARAMETER),
    keyHeader: environment.MOOVAGO_API_KEY_HEADER,
    onRequest: ({ status }) => {
      count('MoovagoRequests');
      if (status === 429) count('MoovagoThrottled');
    },
  });
  const pace = createPace(paceRules(config, environment.IGNORE_BUSINESS_HOURS !== undefined), {
    item: createPaceItem(table),
    clock,
    onReset: () => {
      count('PaceReset');
      log.error('pace-reset', { reason: 'the next free moment lay absurdly far ahead' });
    },
  });
  return {
    stage: environment.STAGE,
    config,
    telemetry,
    clock,
    newId,
    table,
    rows: createFolderRows(table, newId),
    fingerprints: createFingerprints(table),
    cursor: createCursorStore(table),
    directory: createDirectoryStore(table),
    queue: createChangeQueue(new SQSClient({}), environment.QUEUE_URL),
    clavus,
    moovago,
    pace,
  };
}
