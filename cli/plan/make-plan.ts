import { assembleApp, type Surroundings } from '../../lib/framework/app.ts';
import { matchKeys } from '../../lib/mapping/match-keys.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import type { Table } from '../../lib/state/table.ts';
import { isDue } from '../../lib/sync/row-transitions.ts';
import { createJumpingClock } from './jumping-clock.ts';
import { createMemoryQueue } from './memory-queue.ts';
import type { Plan, PlannedChanges } from './plan.ts';
import { plannedChanges } from './planned-changes.ts';
import { createPlannedMoovago } from './planned-moovago.ts';
import { type PlanRequest, readSystems } from './read-systems.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';
import { rehearseDelivery, type Writer } from './rehearse-delivery.ts';

export type PlanOptions = {
  /** Everything real, but for the table, which is a copy: nothing is written through them. The queue is not used. */
  surroundings: Surroundings;
  writer: Writer;
  /** Whether a stage may send at the same time. */
  isShared: boolean;
};

/**
 * What a synchronisation would do: the very jobs of the functions, on a copy of the table in memory. First they read
 * Clavus and Moovago, through clients that cannot write; then they deliver to a Moovago in memory, on a clock that jumps.
 */
export async function makePlan(request: PlanRequest, options: PlanOptions): Promise<Plan> {
  const { isShared, surroundings, writer } = options;
  const { table } = surroundings;
  const { queue, takeAll } = createMemoryQueue();
  const before = await rowsIn(table, surroundings);
  const { asRead, detected, gone, complete, requests } = await readSystems(request, {
    surroundings,
    queue,
    isShared,
  });

  const startsAt = surroundings.clock.now();
  const { telemetry, told } = createRecordingTelemetry();
  const moovago = createPlannedMoovago(asRead);
  const clock = createJumpingClock(startsAt);
  const app = { ...assembleApp({ ...surroundings, moovago: moovago.client, clock, telemetry }), queue };
  await rehearseDelivery(app, takeAll, writer);

  const after = await rowsIn(table, surroundings);
  const { config, stage } = surroundings;
  const changes = plannedChanges({
    before,
    after,
    asRead,
    writes: moovago.writes,
    told,
    policy: config.onRemoved,
    keysOf: (record) => matchKeys(record, config.match, stage),
    gone,
  });
  const { documents, readBacks, lastAt } = moovago.requests;
  return {
    ...changes,
    complete,
    totals: { ...countsOf(changes), ...detected, ...leftIn(after, changes) },
    requests: { reading: requests, documents, readBacks, total: requests + documents + readBacks },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
  };
}

async function rowsIn(table: Table, surroundings: Surroundings): Promise<Map<string, FolderRow>> {
  const { rows } = assembleApp({ ...surroundings, table });
  const found = new Map<string, FolderRow>();
  for await (const page of rows.pages()) for (const row of page) found.set(row.folderId, row);
  return found;
}

const countsOf = (changes: PlannedChanges) => ({
  creates: changes.creates.length,
  updates: changes.updates.length,
  adopts: changes.adopts.length,
  ambiguous: changes.ambiguous.length,
  removals: changes.removals.length,
  unmappable: changes.unmappable.length,
  secondary: changes.secondary.length,
});

/** What nothing is done about: changes that would still wait, and folders beside those of the plan that need somebody. */
function leftIn(rows: ReadonlyMap<string, FolderRow>, { ambiguous, unmappable }: PlannedChanges) {
  const listed = new Set([...ambiguous, ...unmappable].map(({ folderId }) => folderId));
  const all = [...rows.values()];
  const isStanding = ({ dueLane, folderId }: FolderRow) => dueLane === 'failed' && !listed.has(folderId);
  return { waiting: all.filter(isDue).length, standing: all.filter(isStanding).length };
}
