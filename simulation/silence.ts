import type { PollReport } from '../lib/sync/detect/poll-clavus.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Remains } from './remains.ts';
import type { World } from './world.ts';

/** A Clavus that leaves folders out without a word, and a table that forgets them. */
const excuses: readonly FaultKind[] = ['clavus-empty', 'clavus-short-page', 'table-lost', 'table-rewound'];

/**
 * A promise that a poll makes when it says that it has seen everything: each folder that was there when its scan began
 * has a row, or was counted as one that cannot be read.
 */
export function watchPolls(world: World, { items, clavus }: Remains) {
  const { plan } = world;
  const { count = 'right', lagMs = 0 } = plan.wire ?? {};
  // Pages that shift hide folders, which only a count can tell.
  const isHidden = plan.faults.has('clavus-order-shifts') && count !== 'right' && count !== 'text';
  const isExcused = isHidden || excuses.some((kind) => plan.faults.has(kind));
  let begunAt: number | undefined;
  let removedBefore = 0;
  const removed = () => world.counts()['folder taken away'] ?? 0;

  return {
    begins: (): void => {
      if (begunAt === undefined) removedBefore = removed();
      begunAt ??= world.now();
    },
    ended: (report: PollReport): void => {
      if (report.state !== 'complete') return;
      const since = (begunAt ?? world.now()) - lagMs;
      begunAt = undefined;
      // Where others are removed while pages are read, the rest slides onto pages that were read before.
      const hasSlid = removed() > removedBefore && count !== 'right' && count !== 'text';
      if (isExcused || hasSlid || report.unreadable > 0) return;
      world.count('poll that saw everything');
      for (const id of clavus.folders.keys())
        if (
          (clavus.versionsOf(id)[0]?.changedAt ?? 0) < since &&
          items.get(`FOLDER#${id}\u0000ROW`) === undefined
        )
          world.fail('silence', `a poll was complete, and ${id} has no row`);
    },
  };
}
