import { systemClock } from '../../lib/framework/clock.ts';
import { companyIdOf } from '../../lib/state/prospect-links.ts';
import { type Activity, createActivity } from '../board/activity.ts';
import { type Board, startBoard } from '../board/start-board.ts';
import { systemsFromRows } from '../board/systems-from-rows.ts';
import { failedFolders } from '../failed-folders.ts';
import type { LogEntry } from '../function-output.ts';
import { interruption, keepInStep } from '../keep-in-step.ts';
import { requireSettings } from '../missing-settings.ts';
import { whyPending } from '../pending.ts';
import { print } from '../print.ts';
import { prospectLinksIn } from '../prospect-lines.ts';
import { serviceEnvironment } from '../service-environment.ts';
import { openSession, type Session } from '../session.ts';
import { type SyncOnceOptions, syncOnce } from '../sync-once.ts';
import { exitStatus, exitStatusOf, plural, reportLines } from '../sync-report.ts';
import { createTerminal } from '../terminal.ts';
import type { RetryOptions } from './retry.ts';
import type { SyncOptions } from './sync.ts';

/** `sync --once`: one synchronisation on this machine. Returns the exit status. */
export const runSyncOnce = ({ limit, folder, ...options }: SyncOptions): Promise<number> =>
  run(options, async () => ({ limit, ...(folder === undefined ? {} : { folderIds: [folder] }) }));

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
  requireSettings(serviceEnvironment(process.env));
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
  return created + updated === 0
    ? []
    : [`${plural(created, 'prospect', 'prospects')} created, ${updated} updated in Clavus`];
}

/** Said once: it is remembered. */
async function skipPilot({ pilot }: Session): Promise<void> {
  await pilot.save({ ...(await pilot.read()), current: undefined, stopped: undefined, skipped: true });
}

/** `sync`: the same, on the schedules of serverless.yml, until it is interrupted. A report for each poll. */
export async function runSync(options: SyncOptions): Promise<number> {
  requireSettings(serviceEnvironment(process.env));
  const terminal = createTerminal({ verbose: options.verbose ?? false });
  const interrupted = interruption();
  const activity = createActivity(systemClock.now);
  await using session = await openSession({
    ...options,
    onLog: (entry) => {
      activity.take(entry);
      terminal.log(entry);
    },
  });
  if (options.skipPilot) await skipPilot(session);
  // Before the first request to anybody: a port that is taken is told at once.
  await using board = await openBoard(options.board, session, activity, terminal.log);
  await keepInStep(session, (report) =>
    print(options, report, [new Date().toLocaleTimeString(), ...reportLines(report), '']),
  );
  if (board) terminal.say(`Status page: ${board.url}`);
  terminal.say('Running until you press Ctrl+C.');
  await interrupted;
  return exitStatus.done;
}

async function openBoard(
  port: number | undefined,
  session: Session,
  activity: Activity,
  onLog: (entry: LogEntry) => void,
): Promise<Board | null> {
  if (port === undefined) return null;
  const systems = await systemsFromRows(session, activity);
  const environment = serviceEnvironment(process.env);
  return await startBoard({ port, session, activity, systems, environment, onLog });
}
