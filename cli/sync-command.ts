import { companyIdOf } from '../lib/state/prospect-links.ts';
import { isDeleted } from '../lib/sync/row-transitions.ts';
import { whyPending } from './pending.ts';
import { print } from './print.ts';
import { prospectLinksIn } from './prospect-lines.ts';
import { openSession, type Session } from './session.ts';
import { pollReport, reportSince, type SyncOnceOptions, syncOnce, totals } from './sync-once.ts';
import { exitStatus, exitStatusOf, reportLines } from './sync-report.ts';
import { createTerminal } from './terminal.ts';

/** Failed folders that one `retry --failed` takes. */
const retryMax = 10_000;

export type SyncOptions = {
  config: string;
  dataDir: string;
  json?: boolean;
  verbose?: boolean;
  limit?: number;
  folder?: string;
  ignoreBusinessHours?: boolean;
  skipPilot?: boolean;
};

/** `sync --once`: one synchronisation on this machine. Returns the exit status. */
export const runSyncOnce = ({ limit, folder, ...options }: SyncOptions): Promise<number> =>
  run(options, async () => ({ limit, ...(folder === undefined ? {} : { folderIds: [folder] }) }));

export type RetryOptions = SyncOptions & { failed?: boolean };

/** `retry`: sends folders, and prospects of reps' companies, again, whole. Returns the exit status. */
export const runRetry = (ids: string[], { failed, ...options }: RetryOptions): Promise<number> =>
  run(options, async ({ rows, table, config }) => {
    const links = await prospectLinksIn(table).all();
    const refused = [...links.values()].filter(({ status }) => status === 'refused').map(companyIdOf);
    if (failed) return { folderIds: await failedFolders(rows), prospects: refused, again: true };
    // What nobody knows yet is a folder that no poll has seen, or a company from before prospects were switched on.
    const known = await rows.read(ids);
    const prospects = config.prospects === undefined ? [] : ids.filter((id) => !known.has(id));
    return { folderIds: ids.filter((id) => !links.has(id)), prospects, again: true };
  });

/** All that failed, but for the folders whose company somebody deleted: those are made again only when they are named. */
async function failedFolders(rows: Session['rows']): Promise<string[]> {
  const failed = await rows.due('failed', Number.MAX_SAFE_INTEGER, retryMax);
  const found = await rows.read(failed.map(({ folderId }) => folderId));
  return [...found.values()].filter((row) => !isDeleted(row)).map(({ folderId }) => folderId);
}

/** All folders, twice: those that are in neither of the two scans are gone. Returns the exit status. */
export const runSyncTwice = (options: SyncOptions): Promise<number> =>
  run(options, async (session, onProgress) => {
    await syncOnce(session, { full: true, onProgress });
    return { full: true };
  });

async function run(
  options: SyncOptions,
  what: (
    session: Session,
    onProgress: SyncOnceOptions['onProgress'],
  ) => Promise<Omit<SyncOnceOptions, 'onProgress'>>,
): Promise<number> {
  const terminal = createTerminal({ verbose: options.verbose ?? false });
  let keyRefused = false;
  await using session = await openSession({
    ...options,
    onLog: (entry) => {
      keyRefused ||= entry.message === 'configuration-refused';
      terminal.log(entry);
    },
  });
  if (options.skipPilot) await skipPilot(session);
  session.stack.startMappings();
  const report = await syncOnce(session, {
    ...(await what(session, terminal.progress)),
    onProgress: terminal.progress,
  });
  terminal.stop();
  print(options, report, [...reportLines(report), ...prospectsSent(session), ...(await whyPending(session))]);
  const needsSetting = keyRefused || (await session.pilot.read()).stopped !== undefined;
  return needsSetting ? exitStatus.configuration : exitStatusOf(report);
}

function prospectsSent({ total }: Session): string[] {
  const [created, updated] = [total('ProspectsCreated'), total('ProspectsUpdated')];
  return created + updated === 0 ? [] : [`${created} prospects created, ${updated} updated in Clavus`];
}

/** Said once: it is remembered. */
async function skipPilot({ pilot }: Session): Promise<void> {
  await pilot.save({ ...(await pilot.read()), current: undefined, stopped: undefined, skipped: true });
}

/** `sync`: the same for ever, on the schedules of serverless.yml, until it is interrupted. A report for each poll. */
export async function runSync(options: SyncOptions): Promise<number> {
  const terminal = createTerminal({ verbose: options.verbose ?? false });
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await using session = await openSession({ ...options, onLog: terminal.log });
  const { stack, clock } = session;
  if (options.skipPilot) await skipPilot(session);
  // Fails at once, and clearly, when an address or a key is wrong.
  await stack.invoke('refreshDirectory', {});
  await stack.invoke('feedQueue', { again: session.alone });
  stack.startMappings();
  let since = { totals: totals(session), at: clock.now() };
  stack.startSchedules(async (functionName, answer) => {
    const polled = functionName === 'pollClavus' ? pollReport.parse(answer) : undefined;
    if (polled === undefined || polled.state === 'skipped') return;
    const report = await reportSince(session, polled, since);
    since = { totals: totals(session), at: clock.now() };
    print(options, report, [new Date(clock.now()).toLocaleTimeString(), ...reportLines(report), '']);
  });
  terminal.say('Running until you press Ctrl+C.');
  await interrupted;
  return exitStatus.done;
}
