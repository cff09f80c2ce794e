import { randomUUID } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type ClavusClient, createClavusClient } from '../clavus/client.ts';
import { type Clock, systemClock } from '../framework/clock.ts';
import type { Environment } from '../framework/environment.ts';
import { type Key, keyReader, readSecret } from '../framework/keys.ts';
import { serviceAddress } from '../framework/service-address.ts';
import type { Telemetry } from '../framework/telemetry.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { loadSyncConfig } from '../mapping/sync-config-file.ts';
import { createMoovagoClient, type MoovagoClient } from '../moovago/client.ts';
import { createPace } from '../pace/pace.ts';
import { createPaceItem } from '../pace/pace-item.ts';
import { paceRules } from '../pace/pace-rules.ts';
import { createChangeQueue } from '../state/change-queue.ts';
import { createCursorStore } from '../state/cursor.ts';
import { createDirectoryStore } from '../state/directory.ts';
import { createFingerprints } from '../state/fingerprints.ts';
import { createFolderRows } from '../state/folder-rows.ts';
import { createHints } from '../state/hints.ts';
import { createMatchIndex } from '../state/match-index.ts';
import { createPilotStore } from '../state/pilot.ts';
import { createProspectLinks } from '../state/prospect-links.ts';
import { createRemovalsStore } from '../state/removals.ts';
import { createScanProgressStore } from '../state/scan-progress.ts';
import type { Table } from '../state/table.ts';
import { createWebhookMessages } from '../state/webhook-messages.ts';

/** Everything outside the connector. */
export type Surroundings = {
  stage: string;
  config: SyncConfig;
  ignoreBusinessHours: boolean;
  telemetry: Telemetry;
  clock: Clock;
  newId(): string;
  table: Table;
  sqs: SQSClient;
  queueUrl: string;
  clavus: ClavusClient;
  moovago: MoovagoClient;
  /** The signing secret of webhooks: one, or two with a space between. `undefined` if the operator set none up. */
  webhookSecret(): Promise<string | undefined>;
};

export type App = ReturnType<typeof assembleApp>;

/** Puts together what all functions share. */
export function assembleApp(surroundings: Surroundings) {
  const { config, ignoreBusinessHours, telemetry, clock, newId, table, sqs, queueUrl } = surroundings;
  const onReset = () => {
    telemetry.log.error('pace-reset', { reason: 'the next free moment lay absurdly far ahead' });
  };
  const onNewer = (rowIds: readonly string[]) => {
    telemetry.log.error('rows-of-newer-code', { rowIds });
    telemetry.count('RowsOfNewerCode', rowIds.length);
  };
  return {
    ...surroundings,
    rows: createFolderRows(table, newId, onNewer),
    fingerprints: createFingerprints(table),
    cursor: createCursorStore(table),
    removals: createRemovalsStore(table),
    scanProgress: createScanProgressStore(table, newId),
    directory: createDirectoryStore(table),
    matchIndex: createMatchIndex(table),
    pilot: createPilotStore(table),
    prospectLinks: createProspectLinks(table, newId),
    hints: createHints(table),
    webhookMessages: createWebhookMessages(table),
    queue: createChangeQueue(sqs, queueUrl),
    pace: createPace(paceRules(config, ignoreBusinessHours), { item: createPaceItem(table), clock, onReset }),
  };
}

/** The real services, at the addresses of the environment. No service is called before its first use. */
export async function surroundingsIn(
  environment: Environment,
  telemetry: Telemetry,
  aws: Pick<Surroundings, 'table' | 'sqs'>,
): Promise<Surroundings> {
  const { count } = telemetry;
  const { WEBHOOK_SECRET_PARAMETER: secretParameter } = environment;
  const clavusKey = keyReader('Clavus', environment.CLAVUS_API_KEY, environment.CLAVUS_API_KEY_PARAMETER);
  const moovagoKey = keyReader('Moovago', environment.MOOVAGO_API_KEY, environment.MOOVAGO_API_KEY_PARAMETER);
  return {
    stage: environment.STAGE,
    config: await loadSyncConfig(environment.SYNC_CONFIG_FILE),
    ignoreBusinessHours: environment.IGNORE_BUSINESS_HOURS !== undefined,
    telemetry,
    clock: systemClock,
    newId: () => randomUUID(),
    ...aws,
    queueUrl: environment.QUEUE_URL,
    clavus: createClavusClient({
      url: serviceAddress('CLAVUS_API_URL', environment.CLAVUS_API_URL, environment.PRIVATE_HOSTS),
      key: clavusKey.read,
      onRequest: ({ status }) => {
        count('ClavusRequests');
        forgetWhenRefused(clavusKey, status);
      },
    }),
    moovago: createMoovagoClient({
      url: serviceAddress('MOOVAGO_API_URL', environment.MOOVAGO_API_URL, environment.PRIVATE_HOSTS),
      key: moovagoKey.read,
      keyHeader: environment.MOOVAGO_API_KEY_HEADER,
      onRequest: ({ status }) => {
        count('MoovagoRequests');
        if (status === 429) count('MoovagoThrottled');
        forgetWhenRefused(moovagoKey, status);
      },
    }),
    webhookSecret: async () => (secretParameter === undefined ? undefined : readSecret(secretParameter)),
  };
}

function forgetWhenRefused(key: Key, status: number | undefined): void {
  if (status === 401 || status === 403) key.refused();
}
