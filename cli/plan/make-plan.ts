import { type App, assembleApp, type Surroundings } from '../../lib/jobs/app.ts';
import { matchKeys } from '../../lib/mapping/match-keys.ts';
import { createFolderRows } from '../../lib/state/folder-rows.ts';
import type { Table } from '../../lib/state/table.ts';
import { pilotStage } from '../../lib/sync/deliver/pilot-stage.ts';
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
  /** A second copy, which nothing is written to. */
  before: Table;
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
  const { queue, takeAll } = createMemoryQueue();
  const { asRead, detected, isSeen, hidden, gone, complete, requests } = await readSystems(request, {
    surroundings,
    queue,
    isShared,
  });

  const startsAt = surroundings.clock.now();
  const { telemetry, reported } = createRecordingTelemetry();
  const moovago = createPlannedMoovago(asRead);
  const clock = createJumpingClock(startsAt);
  const app = { ...assembleApp({ ...surroundings, moovago: moovago.client, clock, telemetry }), queue };
  await rehearseDelivery(app, takeAll, writer);

  const { config, stage, newId } = surroundings;
  const { changes, left, told } = await plannedChanges({
    rows: app.rows,
    before: createFolderRows(options.before, newId),
    asRead,
    writes: moovago.writes,
    reported,
    policy: config.onRemoved,
    keysOf: (record) => matchKeys(record, { ...config, stage }),
    isSeen,
    gone,
  });
  const { documents, readBacks, lastAt } = moovago.requests;
  return {
    ...changes,
    complete,
    hidden,
    totals: {
      ...countsOf(changes),
      ...detected,
      ...left,
      unchanged: Math.max(0, detected.scanned - told),
    },
    waitsFor: await waitsFor(app),
    requests: { reading: requests, documents, readBacks, total: requests + documents + readBacks },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
  };
}

/** What holds changes back in the end. */
async function waitsFor({ pilot, config, directory }: App): Promise<Plan['waitsFor']> {
  const stage = pilotStage(await pilot.read(), config.pilot);
  if (stage.kind === 'stopped') return { why: 'pilot' };
  return (await directory.creationsWaitFor(config)) ?? null;
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
