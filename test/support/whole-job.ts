import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Webhook } from 'standardwebhooks';
import { expect, vi } from 'vitest';
import type { Lane } from '../../lib/moovago/slot.ts';
import { createFolderRows } from '../../lib/state/folder-rows.ts';
import { createMoovagoSchemaStore } from '../../lib/state/moovago-schema.ts';
import { createPilotStore } from '../../lib/state/pilot.ts';
import { documentClient } from '../../lib/state/table.ts';
import { startEmbeddedStack } from '../../local/embedded-stack.ts';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { moovagoTypeDefs } from '../../local/simulators/moovago-schema.ts';
import { patience } from './patience.ts';
import { startRecordingAws } from './recording-aws.ts';

/** Found anywhere outside of SSM, these are a leak. */
export const canaries = {
  clavusKey: 'canary-clavus-9c2f7d',
  oldClavusKey: 'canary-old-clavus-1e88',
  moovagoKey: 'canary-moovago-4b1a6e',
  webhookSecret: `whsec_${Buffer.from('canary-webhook-secret-77aa').toString('base64')}`,
};

const configuration = {
  company: {
    name: { from: ['raison_sociale', 'nom'] },
    city: 'ville',
    postalCode: { from: 'code_postal', as: 'postalCode' },
    phone: { from: 'telephone', as: 'phone' },
    email: { from: 'email', as: 'email' },
  },
  settleAfter: 'PT2S',
  prospects: {},
};

/** A request as API Gateway hands it over. */
export function webhookEvent(
  body: string,
  { id = `msg_${randomBytes(6).toString('hex')}`, secret = canaries.webhookSecret } = {},
) {
  const at = new Date();
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/clavus',
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
    body,
    isBase64Encoded: false,
  };
}

/** The stack from packages, with both systems simulated and everything of AWS recorded. */
async function startWorld(bundles: string, folder: string) {
  const parameters = new Map([
    ['/clavus-moovago/test/clavus-api-key', canaries.oldClavusKey],
    ['/clavus-moovago/test/moovago-api-key', canaries.moovagoKey],
    ['/clavus-moovago/test/webhook-secret', canaries.webhookSecret],
  ]);
  const aws = await startRecordingAws({ parameters });
  const clavus = await startClavusSimulator({ key: canaries.clavusKey, folders: 30, seed: 5 });
  const moovago = await startMoovagoSimulator({ key: canaries.moovagoKey });
  const configFile = join(folder, 'sync.config.json');
  await writeFile(configFile, JSON.stringify(configuration));
  const logs: string[] = [];
  const stack = await startEmbeddedStack({
    stage: 'test',
    bundles,
    environment: {
      CLAVUS_API_URL: clavus.url,
      MOOVAGO_API_URL: moovago.url,
      SYNC_CONFIG_FILE: configFile,
      IGNORE_BUSINESS_HOURS: '1',
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_SQS: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: aws.url,
    },
    onLog: (_, line) => logs.push(line),
  });
  const isDone = async () => {
    const { waiting, inFlight } = await stack.queueDepth();
    return waiting + inFlight === 0 && stack.idle();
  };
  return {
    aws,
    clavus,
    moovago,
    stack,
    logs,
    parameters,
    delivered: () => vi.waitUntil(isDone, patience),
    close: async () => {
      await stack.close();
      await Promise.all([aws.close(), clavus.close(), moovago.close()]);
    },
  };
}

type World = Awaited<ReturnType<typeof startWorld>>;

const tableOf = ({ dynamodb }: World['stack']) => ({
  client: documentClient(dynamodb),
  name: 'clavus-moovago-test',
});

/** A key that is refused and replaced, a message that nobody can read, two polls at once, deliveries of every outcome. */
async function importFolders({ clavus, moovago, stack, parameters, delivered }: World): Promise<void> {
  await expect(stack.invoke('pollClavus', {})).rejects.toThrow('CLAVUS_API_KEY');
  parameters.set('/clavus-moovago/test/clavus-api-key', canaries.clavusKey);
  const unreadable = { Records: [{ messageId: 'm1', body: 'hello' }] };
  expect(await stack.invoke('writeMoovago', unreadable)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm1' }],
  });

  // A customer whom a rep knows already, two folders of one customer, one that cannot be mapped.
  const [first = '', second = '', third = ''] = clavus.folders.keys();
  moovago.addCompany({ name: 'Soleil du Var', email: 'canary-person@example.com' });
  clavus.editFolder(first, { email: 'canary-person@example.com' });
  clavus.editFolder(second, { email: 'canary-person@example.com' });
  clavus.editFolder(third, { nom: '', raison_sociale: '' });
  await Promise.all([stack.invoke('pollClavus', {}), stack.invoke('pollClavus', {})]);
  await runPilot({ moovago, stack, delivered });
  moovago.faults.order({ kind: 'errorOnPath', path: 'w2', message: 'Canary Person cannot be saved' });
  moovago.faults.order(
    { kind: 'resetAfter' },
    { when: ({ operations }) => operations.some(({ operation }) => operation === 'company.create') },
  );
  // What was never answered settles, and is looked up; a busy machine misses slots.
  const rows = createFolderRows(tableOf(stack), randomUUID);
  const due = async (lane: Lane) => rows.countDue(lane, Number.MAX_SAFE_INTEGER);
  await vi.waitUntil(
    async () => {
      await stack.invoke('feedQueue', { again: true });
      await delivered();
      return (await due('live')) + (await due('bulk')) === 0;
    },
    { ...patience, interval: 500 },
  );
}

const inCapitals = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (key, value) =>
      key === 'name' && typeof value === 'string' ? value.toUpperCase() : value,
    ),
  );

/** The first record is read back in another form: the pilot stops, and somebody says that it is to go on. */
async function runPilot({ moovago, stack, delivered }: Pick<World, 'moovago' | 'stack' | 'delivered'>) {
  const isReadBack = ({ operation }: { operation: string }) =>
    operation === 'companyList' && moovago.companies.size > 1;
  // Whatever is read until then is read so: on a busy machine more is read than the first record.
  moovago.faults.order({ kind: 'rewrite', change: inCapitals }, { times: 1000, when: isReadBack });
  stack.startMappings();
  const pilot = createPilotStore(tableOf(stack));
  await vi.waitUntil(
    async () => {
      await delivered();
      await stack.invoke('feedQueue', { again: true });
      return (await pilot.read()).stopped !== undefined;
    },
    { ...patience, interval: 500 },
  );
  moovago.faults.clear();
  await stack.invoke('feedQueue', {});
  await delivered();
  // As when the feeder is the first: it finds out whether the stage has delivered before.
  await pilot.save({ passed: [], skipped: false });
  await stack.invoke('feedQueue', {});
  await delivered();
  await pilot.save({ passed: [], skipped: true });
}

/** A day of reps who edit, delete and copy, and of newer code that was taken back; and the night after it. */
async function reconcile({ moovago, stack }: World): Promise<void> {
  const [edited, deleted, doubled] = [...moovago.companies.values()].slice(-3);
  if (edited) edited.city = 'Toulon';
  moovago.companies.delete(deleted?.id ?? '');
  moovago.addCompany({ name: 'Soleil du Var', note: doubled?.note ?? '' });
  const { client, name: TableName } = tableOf(stack);
  const ofNewerCode = {
    pk: 'FOLDER#newer',
    sk: 'ROW',
    folderId: 'newer',
    revision: 1,
    status: 'quarantined',
  };
  await client.send(new PutCommand({ TableName, Item: ofNewerCode }));
  await stack.invoke('reconcile', {});
}

/** One folder that is gone, and then too many at once. */
async function removeFolders({ clavus, stack, delivered }: World): Promise<void> {
  const [folderId = '', ...others] = [...clavus.folders.keys()].slice(3);
  clavus.folders.delete(folderId);
  await stack.invoke('pollClavus', {});
  await stack.invoke('pollClavus', {});
  for (const id of others.slice(0, 15)) clavus.folders.delete(id);
  await stack.invoke('pollClavus', {});
  await delivered();
}

/** A company that a rep makes goes to Clavus once it has rested. */
async function sendProspects({ clavus, moovago, stack }: World): Promise<void> {
  moovago.addCompany({ name: 'Canary Prospect', phone: '0612345699' });
  await stack.invoke('refreshDirectory', {});
  // Once it has rested for as long as the configuration above says.
  const isSent = async () =>
    expect(await stack.invoke('refreshDirectory', {})).toMatchObject({ prospects: { created: 1 } });
  await vi.waitFor(isSent, { ...patience, interval: 500 });
  expect(clavus.prospects.size).toBe(1);
}

/** A key that is refused slows nothing down; a column that Clavus took away is found. */
async function checkApis({ clavus, moovago, stack }: World): Promise<void> {
  expect(await stack.invoke('checkApis', {})).toEqual({ problems: 0, warnings: 1 });
  const schema = moovagoTypeDefs.replace('alias: String!', 'alias: String! @deprecated(reason: "Use name.")');
  await createMoovagoSchemaStore(tableOf(stack)).save(schema);
  clavus.hiddenColumns.add('telephone');
  moovago.faults.order({ kind: 'status', status: 429 });
  expect(await stack.invoke('checkApis', {})).toEqual({ problems: 2, warnings: 0 });
  clavus.hiddenColumns.clear();
}

/** A webhook that brings an edit to Moovago, and the same again. */
async function bringByWebhook(ville: string, { clavus, moovago, stack, delivered }: World): Promise<void> {
  const [folderId = ''] = [...clavus.folders.keys()].slice(3);
  clavus.editFolder(folderId, { ville });
  const event = webhookEvent(JSON.stringify({ folderIds: [folderId] }));
  expect(await stack.invoke('receiveWebhook', event)).toMatchObject({ statusCode: 202 });
  const isThere = () => [...moovago.companies.values()].some(({ city }) => city === ville);
  await vi.waitUntil(isThere, patience);
  await delivered();
  expect(await stack.invoke('receiveWebhook', event)).toMatchObject({ statusCode: 200 });
}

/**
 * The packaged functions at work on all that they do. A new function is invoked here too: its role may do what is seen
 * here, and nothing else.
 * @param bundles where the packages are unpacked
 * @param folder where the data may stay
 * @returns everything that was called and written
 */
export async function runWholeJob(bundles: string, folder: string) {
  const world = await startWorld(bundles, folder);
  const { aws, moovago, stack, logs, delivered } = world;
  await importFolders(world);
  await stack.invoke('refreshDirectory', {});

  const forged = { ...webhookEvent('{"folderIds":["f1"]}'), body: '{"folderIds":["canary-person"]}' };
  expect(await stack.invoke('receiveWebhook', forged)).toMatchObject({ statusCode: 401 });
  await bringByWebhook('Hyères', world);
  await stack.invoke('pollClavus', {});
  await delivered();
  await reconcile(world);
  await removeFolders(world);
  await sendProspects(world);
  await checkApis(world);
  moovago.faults.order({ kind: 'status', status: 401 });
  await expect(stack.invoke('refreshDirectory', {})).rejects.toThrow('MOOVAGO_API_KEY');
  await stack.invoke('feedQueue', {});
  const { Items } = await stack.dynamodb.send(new ScanCommand({ TableName: 'clavus-moovago-test' }));
  await world.close();
  return { calls: aws.calls, sqsBodies: aws.sqsBodies, logs, table: JSON.stringify(Items) };
}
