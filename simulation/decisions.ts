import { ignoreJob, linkJob, unlinkJob } from '../lib/jobs/decide-job.ts';
import type { Chance } from './chance.ts';
import { customerNumber } from './customers.ts';
import type { Lambda } from './lambda.ts';
import type { Remains } from './remains.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** Companies of which a row says that they are not its folder's. */
const deniedIn = (row: object | undefined): unknown[] => [Object(Object(row).decision).not ?? []].flat();

/**
 * What persons decide: a folder is left out for a while, taken off its company, or linked to one of its customer, whoever
 * writes that. Returns what one of them does.
 */
export function startDecisions(world: World, lambda: Lambda, remains: Remains): (draw: Chance) => void {
  const { plan, scheduler } = world;
  const { items, clavus, companies, decided } = remains;

  // The folder gets another company: the one that it had is nobody's that the connector could know.
  items.onWrite(({ key, after }) => {
    if (!key.startsWith('FOLDER#')) return;
    for (const id of deniedIn(after)) {
      const denied = companies.get(String(id));
      if (denied !== undefined) denied.isUnrecognisable = true;
    }
  });

  /** The company that a folder writes or shares. */
  function companyOf(folderId: string): string | undefined {
    const { companyId, secondaryTo } = Object(items.get(`FOLDER#${folderId}\u0000ROW`));
    return companyId ?? secondaryTo?.companyId;
  }

  /** Until the command has been through: a person types it again. */
  function unlink(folderId: string): void {
    decided.delete(folderId);
    lambda.byHand(
      async (app) => {
        const from = companyOf(folderId);
        const done = await unlinkJob(folderId, app);
        if ('row' in done && from !== undefined) decided.set(folderId, { isNot: from });
      },
      ({ kind }) => {
        if (kind !== 'returned') scheduler.at(world.now() + 10_000, () => unlink(folderId));
      },
    );
  }

  /** To a company that is the customer's, as a person sees it. */
  function link(folderId: string, draw: Chance): void {
    const customer = customerNumber(folderId);
    const its = companies.live().filter((one) => one.customer === customer && !one.isUnrecognisable);
    const companyId = its[draw.between('company', 0, its.length - 1)]?.company.id;
    if (companyId === undefined) return;
    const having = [...clavus.folders.keys()].filter((id) => companyOf(id) === companyId);
    const share = having.every((id) => customerNumber(id) === customer);
    world.count('linked by a person');
    decided.delete(folderId);
    lambda.byHand(
      async (app) => {
        const done = await linkJob({ folderId, companyId, share }, app);
        if (!('refused' in done)) decided.set(folderId, { is: companyId });
      },
      () => {},
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
    const all = [...clavus.folders.keys()];
    const having = all.filter((folderId) => companyOf(folderId) !== undefined);
    // There is more to decide about those that have a company.
    const folderIds = having.length > 0 && draw.hits('having', 0.8) ? having : all;
    const folderId = folderIds[draw.between('folder', 0, folderIds.length - 1)];
    if (folderId === undefined) return;
    if (draw.hits('links', 0.4)) return link(folderId, draw);
    if (draw.hits('unlinks', 0.5)) {
      world.count('unlinked');
      return unlink(folderId);
    }
    world.count('left out');
    lambda.invoke('poll', (app) => ignoreJob({ folderId, undo: false }, app));
    scheduler.at(world.now() + draw.between('for', 1, 20) * minuteMs, () => takeIn(folderId));
  };
}
