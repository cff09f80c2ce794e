import { ignoreJob, unlinkJob } from '../lib/jobs/decide-job.ts';
import type { Chance } from './chance.ts';
import type { Lambda } from './lambda.ts';
import type { Remains } from './remains.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** Companies of which a row says that they are not its folder's. */
const deniedIn = (row: object | undefined): unknown[] => [Object(Object(row).decision).not ?? []].flat();

/**
 * What persons decide: a folder is left out for a while, or taken off its company. Returns what one of them does.
 */
export function startDecisions(world: World, lambda: Lambda, remains: Remains): (draw: Chance) => void {
  const { plan, scheduler } = world;
  const { items, clavus, companies } = remains;

  // The folder gets another company: the one that it had is nobody's that the connector could know.
  items.onWrite(({ key, after }) => {
    if (!key.startsWith('FOLDER#')) return;
    for (const id of deniedIn(after)) {
      const denied = companies.get(String(id));
      if (denied !== undefined) denied.isUnrecognisable = true;
    }
  });

  /** Until the command has been through: a person types it again. */
  function unlink(folderId: string): void {
    lambda.byHand(
      (app) => unlinkJob(folderId, app),
      ({ kind }) => {
        if (kind !== 'returned') scheduler.at(world.now() + 10_000, () => unlink(folderId));
      },
    );
  }

  const takeIn = (folderId: string) =>
    lambda.invoke('poll', (app) => ignoreJob({ folderId, undo: true }, app));

  // In the end, no folder is left out.
  scheduler.every(10 * minuteMs, plan.quietAt, () => {
    for (const [key, { status, folderId }] of items.list())
      if (key.startsWith('FOLDER#') && status === 'ignored') takeIn(String(folderId));
  });

  return (draw) => {
    const folderIds = [...clavus.folders.keys()];
    const folderId = folderIds[draw.between('folder', 0, folderIds.length - 1)];
    if (folderId === undefined) return;
    if (draw.hits('unlinks', 0.5)) {
      world.count('unlinked');
      return unlink(folderId);
    }
    world.count('left out');
    lambda.invoke('poll', (app) => ignoreJob({ folderId, undo: false }, app));
    scheduler.at(world.now() + draw.between('for', 1, 20) * minuteMs, () => takeIn(folderId));
  };
}
