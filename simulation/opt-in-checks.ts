import { operationsHash, optInOperations } from '../lib/mapping/opt-ins.ts';
import type { SyncConfig } from '../lib/mapping/sync-config.ts';
import type { Items } from './table/items.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** Somebody who runs `check` with Moovago's schema: some time after the start, and again, as the table may be lost. */
export function startOptInChecks(world: World, items: Items, config: SyncConfig): void {
  const { plan, scheduler, chance } = world;
  if (!plan.hasContacts) return;
  const verified = [...optInOperations(config)].map(([name, operations]) => [
    name,
    operationsHash(operations),
  ]);
  const key = { pk: 'DIRECTORY', sk: 'opt-ins-proved' };
  const checksAt = plan.startsAt + chance.of('check').pick('at', [0, 12 * minuteMs]);
  scheduler.every(20 * minuteMs, checksAt, () =>
    items.put(`${key.pk}\u0000${key.sk}`, { ...key, content: Object.fromEntries(verified) }),
  );
}
