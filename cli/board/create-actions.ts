import { failedFolders } from '../failed-folders.ts';
import type { Session } from '../session.ts';
import { poll } from '../sync-once.ts';
import type { BoardAction } from './board-action.ts';
import type { BoardSystems } from './systems.ts';

/**
 * Does what the page asks for, one thing after the other.
 * @returns whether it may be done: real systems are never written to from here
 */
export function createActions(session: Session, { simulate }: Pick<BoardSystems, 'simulate'>) {
  let before: Promise<unknown> = Promise.resolve();

  async function perform(action: BoardAction): Promise<boolean> {
    if (action.action === 'retry') await retry([action.folderId]);
    else if (action.action === 'retry-failed') await retry(await failedFolders(session.rows));
    else if (simulate === undefined) return false;
    else await simulate(action);
    return true;
  }

  async function retry(folderIds: string[]): Promise<void> {
    if (folderIds.length > 0) await poll(session, { folderIds, again: true }, false);
  }

  return (action: BoardAction): Promise<boolean> => {
    const done = before.then(() => perform(action));
    before = done.catch(() => {});
    return done;
  };
}
