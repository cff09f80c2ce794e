import { leaseMs } from '../framework/time-budget.ts';
import { takeLease, underLease } from '../state/lease.ts';
import type { Pilot } from '../state/pilot.ts';
import { pilotStage } from '../sync/deliver/pilot-stage.ts';
import type { App } from './app.ts';

export type ListsApp = Pick<
  App,
  'clock' | 'config' | 'cursor' | 'directory' | 'hints' | 'newId' | 'pilot' | 'removals' | 'table'
>;

/**
 * Takes a folder out of all lists that name folders. The caller has the lease to poll: no poll writes them meanwhile.
 * @returns until when a worker runs the pilot and has named the folder, in milliseconds since the epoch: try again then
 */
export async function removeFromLists(folderId: string, app: ListsApp): Promise<number | undefined> {
  const { cursor, directory, hints, removals } = app;
  const until = await removeFromPilot(folderId, app);
  if (until !== undefined) return until;
  const isOther = (one: string) => one !== folderId;
  await hints.remove((await hints.read()).filter((hint) => hint.folderId === folderId));

  const { missing } = await removals.read();
  if (missing?.folderIds.includes(folderId)) await removals.saveMissing(missing.folderIds.filter(isOther));

  const unsettled = await cursor.readUnsettled();
  if (unsettled.includes(folderId)) await cursor.saveUnsettled(unsettled.filter(isOther));

  const read = await cursor.read();
  const unreadable = read?.unreadable?.filter(({ id }) => id !== folderId);
  if (read !== undefined && unreadable?.length !== read.unreadable?.length)
    await cursor.save({ ...read, unreadable });

  // Only an example of the person's folders: the next scan names another one.
  const people = await directory.readUnmatched();
  const others = people.filter((person) => person.folderId !== folderId);
  if (others.length < people.length) await directory.saveUnmatched(others);
  return undefined;
}

/**
 * A pilot that is over stays over; one that stopped at the folder goes on with others.
 * @returns until when a worker runs the pilot, which could write the folder again
 */
async function removeFromPilot(folderId: string, app: ListsApp): Promise<number | undefined> {
  const names = ({ stopped, current = '', passed }: Pilot) =>
    [...passed, current, stopped?.folderId].includes(folderId);
  if (!names(await app.pilot.read())) return undefined;
  const taken = await takeLease(app, 'pilot', leaseMs.pilot);
  if ('heldUntil' in taken) return taken.heldUntil;
  return underLease(taken.lease, async () => {
    const { stopped, current, ...pilot } = await app.pilot.read();
    await app.pilot.save({
      ...pilot,
      passed: pilot.passed.filter((one) => one !== folderId),
      current: current === folderId ? undefined : current,
      stopped: stopped?.folderId === folderId ? undefined : stopped,
      over: pilot.over === true || pilotStage(pilot, app.config.pilot).kind === 'over',
    });
    return undefined;
  });
}
