import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../lib/clavus/folder.ts';
import { TryLater } from '../../../lib/framework/errors.ts';
import { assembleApp } from '../../../lib/jobs/app.ts';
import { pollJob } from '../../../lib/jobs/poll-job.ts';
import { webhookJob } from '../../../lib/jobs/webhook-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { mockedClient } from '../../support/mocked-client.ts';
import { stateTable } from '../../support/state-table.ts';
import { canaries, webhookEvent } from '../../support/whole-job.ts';

const never = () => Promise.reject(new Error('nobody asks for this here'));
const minute = 60_000;

/** A connector that knows its columns and people, on a real table, with a Clavus that tests edit. */
async function connector(config: object = {}) {
  const sqs = mockedClient(SQSClient);
  sqs.on(SendMessageBatchCommand).resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({});
  const telemetry = fakeTelemetry();
  const clavus = {
    names: new Map<string, string>(),
    asked: [] as string[],
    isDown: false,
    /** Called before Clavus answers about named folders. */
    before: async () => {},
  };
  let now = Date.now();
  const folder = (id: string): Folder => ({
    id,
    columns: [{ id: 'nom', name: 'nom', label: 'Nom', value: clavus.names.get(id) ?? null }],
  });
  let ids = 0;
  const app = assembleApp({
    stage: 'test',
    config: parseSyncConfig({ company: { name: 'nom' }, pace: { bulkAbove: 3 }, ...config }, 'test'),
    ignoreBusinessHours: true,
    telemetry: { ...telemetry, publish: () => {} },
    clock: { now: () => now, wait: async () => {}, random: () => 0.5 },
    newId: () => `id-${++ids}`,
    table: await stateTable(),
    sqs: new SQSClient({}),
    queueUrl: 'https://sqs.eu-west-3.amazonaws.com/123456789012/changes',
    clavus: {
      getColumns: never,
      getTeams: never,
      getUsers: never,
      introspect: never,
      upsertProspect: never,
      getFolders: async () => ({
        totalCount: clavus.names.size,
        folders: [...clavus.names.keys()].map(folder),
      }),
      getValuesByIds: async (asked) => {
        clavus.asked.push(...asked);
        const answer = asked.filter((id) => clavus.names.has(id)).map(folder);
        await clavus.before();
        if (clavus.isDown)
          throw new TryLater('Clavus is in trouble (503)', { system: 'Clavus', applied: 'no' });
        return answer;
      },
    },
    moovago: {
      team: never,
      companyList: never,
      writeCompanies: never,
      mandatorList: never,
      childList: never,
    },
    webhookSecret: async () => canaries.webhookSecret,
  });
  await app.directory.save({
    columns: [{ id: 'nom', names: ['nom', 'Nom'] }],
    users: [],
    team: { id: 't', name: 'T', members: [] },
  });
  return {
    app,
    clavus,
    telemetry,
    sent: () =>
      sqs
        .commandCalls(SendMessageBatchCommand)
        .flatMap(({ args }) => args[0].input.Entries ?? [])
        .map(({ MessageBody = '' }) => JSON.parse(MessageBody).folderId),
    hint: async (folderIds: string[], id?: string) => {
      const { statusCode, body } = await webhookJob(webhookEvent(JSON.stringify({ folderIds }), { id }), app);
      return [statusCode, JSON.parse(body)];
    },
    poll: () => pollJob({}, now + 600_000, app),
    later: (ms: number) => {
      now += ms;
    },
    wantedName: async (id: string) => (await app.rows.read([id])).get(id)?.desired?.record.name,
  };
}

describe('a hint that a folder changed', () => {
  it('brings what Clavus holds to the queue at once, and counts once', async () => {
    const { clavus, hint, sent, wantedName } = await connector();
    clavus.names.set('f1', 'Dupont');
    expect(await hint(['f1'], 'msg_1')).toEqual([202, { status: 'taken', folders: 1 }]);
    expect(await wantedName('f1')).toBe('Dupont');
    expect(sent()).toEqual(['f1']);
    expect(await hint(['f1'], 'msg_1')).toEqual([200, { status: 'known' }]);
    expect(clavus.asked).toEqual(['f1']);
  });

  it('changes nothing when it lies', async () => {
    const { app, clavus, hint, sent } = await connector();
    clavus.names.set('f1', 'Dupont');
    await hint(['f1']);
    const before = (await app.rows.read(['f1'])).get('f1');
    expect((await hint(['f1', 'nobody']))[0]).toBe(202);
    expect((await app.rows.read(['f1', 'nobody'])).size).toBe(1);
    expect((await app.rows.read(['f1'])).get('f1')).toEqual(before);
    expect(sent()).toEqual(['f1']);
  });

  it('is kept for the next poll when Clavus does not answer', async () => {
    const { app, clavus, hint, telemetry } = await connector();
    clavus.isDown = true;
    expect((await hint(['f1']))[0]).toBe(202);
    expect((await app.hints.read()).map(({ folderId }) => folderId)).toEqual(['f1']);
    expect(telemetry.lines).toContainEqual({
      level: 'warn',
      event: 'webhook-left-to-poll',
      folders: 1,
      error: 'TryLater',
    });
  });

  it('is no lasting mistake when Clavus takes the change back before a poll has seen it', async () => {
    const { clavus, hint, poll, wantedName } = await connector();
    clavus.names.set('f1', 'Dupont');
    await poll();
    clavus.names.set('f1', 'Durand');
    await hint(['f1']);
    expect(await wantedName('f1')).toBe('Durand');
    clavus.names.set('f1', 'Dupont');
    await poll();
    expect(await wantedName('f1')).toBe('Dupont');
  });

  it('leaves what a later poll saw, and is followed up by the next one', async () => {
    const { app, clavus, hint, later, poll, wantedName } = await connector();
    clavus.names.set('f1', 'Dupont');
    await poll();
    clavus.names.set('f1', 'Durand');
    // Clavus' answer to the webhook is on its way while it is edited again and a whole poll runs.
    clavus.before = async () => {
      clavus.names.set('f1', 'Petit');
      later(1000);
      await poll();
    };
    await hint(['f1']);
    expect(await wantedName('f1')).toBe('Petit');
    expect(await app.hints.read()).toHaveLength(1);
    later(2 * minute);
    await poll();
    expect(await wantedName('f1')).toBe('Petit');
    expect(await app.hints.read()).toEqual([]);
  });

  it('needs no lease: a poll that is running neither holds it up nor is disturbed', async () => {
    const { app, clavus, hint, poll, wantedName } = await connector();
    clavus.names.set('f1', 'Dupont');
    const { getFolders } = app.clavus;
    app.clavus.getFolders = async (query) => {
      const page = await getFolders(query);
      clavus.names.set('f1', 'Durand');
      expect((await hint(['f1']))[0]).toBe(202);
      return page;
    };
    expect(await poll()).toMatchObject({ state: 'complete', scanned: 1 });
    app.clavus.getFolders = getFolders;
    await poll();
    expect(await wantedName('f1')).toBe('Durand');
  });

  it('waits for the evening with the others when together they are a mass', async () => {
    const { app, clavus, hint, sent } = await connector();
    for (const id of ['f1', 'f2', 'f3', 'f4']) clavus.names.set(id, id);
    await hint(['f1', 'f2']);
    await hint(['f3', 'f4']);
    expect(sent()).toEqual(['f1', 'f2']);
    expect((await app.rows.read(['f4'])).get('f4')?.dueLane).toBe('bulk');
  });

  it('is left to the next poll where only Clavus can tell whether the filter lets the folder through', async () => {
    const filter = [{ column: 'nom', operator: 'CONTAINS', value: 'D' }];
    const { clavus, hint, sent } = await connector({ clavus: { filter } });
    clavus.names.set('f1', 'Dupont');
    expect((await hint(['f1']))[0]).toBe(202);
    expect(clavus.asked).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('that somebody sends a thousand times leaves the honest ones alone', async () => {
    const { app, clavus, later } = await connector();
    clavus.names.set('f1', 'Dupont');
    const captured = webhookEvent(JSON.stringify({ folderIds: ['f1'] }));
    for (let replay = 0; replay < 1_000; replay++) {
      await webhookJob(captured, app);
      later(100);
    }
    expect(await app.hints.read()).toHaveLength(1);
  });

  it('is refused when thousands wait already', async () => {
    const { app, hint, telemetry } = await connector();
    const many = Array.from({ length: 4_000 }, (_, index) => `folder-${index}`);
    await app.hints.add(many, Date.now());
    expect(await hint(['f1'])).toEqual([429, { error: 'too many changes at once: try again later' }]);
    expect(telemetry.counts.WebhooksRefused).toBe(1);
  });

  it('with a wrong signature leaves no trace but a line without its body', async () => {
    const { app, telemetry } = await connector();
    const event = { ...webhookEvent('{"folderIds":["f1"]}'), body: '{"folderIds":["canary"]}' };
    expect(await webhookJob(event, app)).toMatchObject({ statusCode: 401 });
    expect(await app.hints.read()).toEqual([]);
    expect(telemetry.counts.WebhooksRefused).toBe(1);
    expect(telemetry.lines).toEqual([
      { level: 'warn', event: 'webhook-refused', status: 401, reason: expect.stringContaining('signature') },
    ]);
  });
});
