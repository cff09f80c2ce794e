import { ignoreJob, linkJob, unlinkJob } from '../../lib/jobs/decide-job.ts';
import { createHints } from '../../lib/state/hints.ts';
import { rowsOf } from '../decisions.ts';
import { failedFolders } from '../failed-folders.ts';
import type { LogEntry } from '../function-output.ts';
import type { Session } from '../session.ts';
import { poll } from '../sync-once.ts';
import type { Systems } from '../systems.ts';
import type { BoardAction, Decision } from './board-action.ts';
import type { BoardSystems } from './systems.ts';

/**
 * Does what the page asks for, one thing after the other.
 * @returns whether it may be done: real systems are never written to from here
 */
export function createActions(
  session: Session,
  { simulate }: Pick<BoardSystems, 'simulate'>,
  asked: Pick<Systems, 'moovago' | 'pace'>,
  onLog: (entry: LogEntry) => void,
) {
  let before: Promise<unknown> = Promise.resolve();

  async function perform(action: BoardAction): Promise<boolean> {
    if (action.action === 'retry') await retry([action.folderId]);
    else if (action.action === 'retry-failed') await retry(await failedFolders(session.rows));
    else if (isDecision(action)) return decide(action);
    else if (simulate === undefined) return false;
    else await simulate(action);
    return true;
  }

  async function retry(folderIds: string[]): Promise<void> {
    if (folderIds.length > 0) await poll(session, { folderIds, again: true }, false);
  }

  async function decide(decision: Decision): Promise<boolean> {
    const app = { ...rowsOf(session), ...asked, config: session.config, hints: createHints(session.table) };
    const { folderId } = decision;
    const decided =
      decision.action === 'link'
        ? await linkJob({ folderId, companyId: decision.companyId, share: false }, app)
        : decision.action === 'unlink'
          ? await unlinkJob(folderId, app)
          : await ignoreJob({ folderId, undo: false }, app);
    if ('refused' in decided) {
      onLog({ level: 'WARN', message: 'decision-refused', folderId, reason: decided.refused });
      return false;
    }
    await session.stack.invoke('feedQueue', {});
    return true;
  }

  return (action: BoardAction): Promise<boolean> => {
    const done = before.then(() => perform(action));
    before = done.catch(() => {});
    return done;
  };
}

const isDecision = (action: BoardAction): action is Decision =>
  action.action === 'link' || action.action === 'unlink' || action.action === 'ignore';
