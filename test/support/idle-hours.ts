import { noSqs } from '../../cli/plan/read-only-services.ts';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import { attempt } from '../../lib/framework/attempt.ts';
import { chunks } from '../../lib/framework/chunks.ts';
import { assembleApp } from '../../lib/jobs/app.ts';
import { feedJob } from '../../lib/jobs/feed-job.ts';
import { measureJob } from '../../lib/jobs/measure-job.ts';
import { pollJob } from '../../lib/jobs/poll-job.ts';
import { refreshJob } from '../../lib/jobs/refresh-job.ts';
import { writeJob } from '../../lib/jobs/write-job.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';
import type { MoovagoClient } from '../../lib/moovago/client.ts';
import type { Company } from '../../lib/moovago/company.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import type { Table } from '../../lib/state/table.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { stateTable } from './state-table.ts';

/** What an hour costs, but for the further pages of a scan and its checkpoints: what is read is not what waits. */
export type Cost = { moovago: number; clavus: number; writes: number; messages: number };

const minuteMs = 60_000;
const never = async (): Promise<never> => {
  throw new Error('not in this test');
};

/**
 * The scheduled functions on a clock of their own, beside both systems: the feeder every minute, and then the writer; a poll
 * every five minutes; a refresh every hour.
 */
export async function idleHours(folders: number, at: string, config: object = {}) {
  const clock = fakeClock(at);
  const cost: Cost = { moovago: 0, clavus: 0, writes: 0, messages: 0 };
  const trouble: { moovago?: () => Error; clavus?: () => Error } = {};
  const companies: Company[] = [];
  const telemetry = fakeTelemetry();
  let version = 0;
  let ids = 0;
  let waiting: string[] = [];
  const asked = async <Value>(slot: Slot, answer: () => Value): Promise<Value> => {
    await slot.ready();
    cost.moovago++;
    if (trouble.moovago) throw trouble.moovago();
    return answer();
  };
  const surroundings = {
    stage: 'test',
    config: parseSyncConfig({ company: { name: 'nom' }, pilot: 0, ...config }, 'test'),
    ignoreBusinessHours: false,
    telemetry: { ...telemetry, publish: () => {} },
    clock,
    newId: () => `id${++ids}`,
    table: counting(await stateTable(), () => cost.writes++),
    sqs: noSqs(),
    queueUrl: 'none',
    clavus: clavusOf(
      () => ({ folders, version }),
      () => {
        cost.clavus++;
        if (trouble.clavus) throw trouble.clavus();
      },
    ),
    moovago: {
      team: (slot) => asked(slot, () => ({ id: 't1', name: 'Sud', members: [] })),
      companyList: (_, slot) => asked(slot, () => [...companies]),
      writeCompanies: (writes, slot) =>
        asked(slot, () =>
          writes.map((write) => {
            const id = write.kind === 'create' ? `c${companies.length + 1}` : write.companyId;
            if (write.kind === 'create') companies.push({ id, ...write.fields });
            return { kind: 'written', companyId: id } as const;
          }),
        ),
      mandatorList: never,
      childList: (_, __, slot) => asked(slot, () => []),
    } satisfies MoovagoClient,
    webhookSecret: async () => undefined,
  };
  const app = {
    ...assembleApp(surroundings),
    queue: {
      send: async (rowIds: readonly string[]) => {
        cost.messages += rowIds.length;
        waiting.push(...rowIds);
        return new Set(rowIds);
      },
      depth: async () => waiting.length,
    },
  };

  async function deliver(): Promise<void> {
    const batches = chunks(waiting, 250);
    waiting = [];
    for (const batch of batches) {
      const messages = batch.map((folderId) => ({ messageId: folderId, body: JSON.stringify({ folderId }) }));
      await attempt(writeJob(messages, clock.now() + minuteMs, app));
    }
  }

  let minute = 0;
  /** @returns what the minutes cost */
  async function run(minutes: number): Promise<Cost> {
    const before = { ...cost };
    for (const end = minute + minutes; minute < end; minute++) {
      const next = clock.now() + minuteMs;
      if (minute % 60 === 0) await attempt(refreshJob(app));
      if (minute % 5 === 0) await attempt(pollJob({}, clock.now() + 10 * minuteMs, app));
      await attempt(feedJob({}, app));
      await measureJob(app);
      await deliver();
      clock.set(Math.max(next, clock.now()));
    }
    return {
      moovago: cost.moovago - before.moovago,
      clavus: cost.clavus - before.clavus,
      writes: cost.writes - before.writes,
      messages: cost.messages - before.messages,
    };
  }

  /** Every folder changes in Clavus. */
  const edit = () => void version++;
  return { app, clock, companies, edit, run, telemetry, trouble };
}

/** Counts what is written. */
function counting({ client, name }: Table, onWrite: () => void): Table {
  const send = client.send.bind(client);
  const counted: typeof client.send = (command: object) => {
    const isScan = /"pk":"SCAN#/.test(JSON.stringify(command));
    if (/^(Put|Update|Delete|BatchWrite)/.test(command.constructor.name) && !isScan) onWrite();
    return send(command as Parameters<typeof send>[0]);
  };
  return { client: Object.assign(Object.create(client), { send: counted }), name };
}

function clavusOf(now: () => { folders: number; version: number }, onRequest: () => void): ClavusClient {
  const folder = (index: number) => ({
    id: `f${index}`,
    columns: [{ id: 'nom', name: 'nom', label: 'nom', value: `Client ${index} ${now().version}` }],
  });
  const asked = <Value>(answer: Value): Value => {
    onRequest();
    return answer;
  };
  return {
    getFolders: async ({ page, itemParPage }) => {
      const from = (page - 1) * itemParPage;
      if (page === 1) onRequest();
      const length = Math.max(0, Math.min(itemParPage, now().folders - from));
      return {
        totalCount: now().folders,
        folders: Array.from({ length }, (_, index) => folder(from + index)),
      };
    },
    getColumns: async () => asked([{ id: 'nom', label: 'nom' }]),
    getTeams: async () => asked([]),
    getUsers: async () => asked([]),
    getValuesByIds: async (ids) => asked(ids.map((id) => folder(Number(id.slice(1))))),
    introspect: never,
    upsertProspect: never,
  };
}
