import type { Telemetry } from '../../framework/telemetry.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import { type Lease, underLease } from '../../state/lease.ts';
import type { Pilot, PilotStore } from '../../state/pilot.ts';
import { isDue } from '../rows/row-status.ts';
import { type PilotStage, pilotStage } from './pilot-stage.ts';

export type AdvanceDependencies = {
  config: Pick<SyncConfig, 'pilot'>;
  telemetry: Pick<Telemetry, 'log'>;
  rows: Pick<FolderRows, 'read' | 'linked'>;
  pilot: PilotStore;
  /** The lease of the worker that runs the pilot. */
  takePilotLease(): Promise<{ lease: Lease } | { heldUntil: number }>;
};

/**
 * The stage of the pilot, after what can be decided without a request. A stage that has delivered as many records before
 * needs no pilot. A pilot that stopped at a folder that cannot be delivered any more goes on with others.
 */
export async function advancePilot(dependencies: AdvanceDependencies): Promise<PilotStage> {
  const { config, pilot, takePilotLease, telemetry } = dependencies;
  const before = await pilot.read();
  const stage = pilotStage(before, config.pilot);
  if ((await nextPilot(before, stage, dependencies)) === undefined) return stage;
  const taken = await takePilotLease();
  if ('heldUntil' in taken) return stage;
  return underLease(taken.lease, async () => {
    // A worker may have gone on meanwhile.
    const current = await pilot.read();
    const next = await nextPilot(current, pilotStage(current, config.pilot), dependencies);
    if (next !== undefined) await pilot.save(next);
    if (next !== undefined && current.stopped !== undefined && next.stopped === undefined)
      telemetry.log.warn('pilot-goes-on', { folderId: current.stopped.folderId });
    return pilotStage(next ?? current, config.pilot);
  });
}

/** What to store; `undefined` if nothing can be decided. */
async function nextPilot(
  pilot: Pilot,
  stage: PilotStage,
  { config, rows }: AdvanceDependencies,
): Promise<Pilot | undefined> {
  if (stage.kind === 'running' && !pilot.begun)
    return { ...pilot, begun: true, over: await hasDelivered(config.pilot, rows) };
  if (stage.kind !== 'stopped') return undefined;
  const { folderId } = stage;
  const row = (await rows.read([folderId])).get(folderId);
  return row !== undefined && mayPass(row) ? undefined : { ...pilot, stopped: undefined };
}

/** Whether the record may still be read back as it was sent: it is in Moovago, or will be. */
const mayPass = (row: FolderRow) => row.status === 'delivered' || (isDue(row) && row.removal === undefined);

/** So many linked rows are looked at for each record of the pilot: some were found in Moovago, and not written yet. */
const lookedAtPerRecord = 20;

async function hasDelivered(records: number, rows: Pick<FolderRows, 'read' | 'linked'>): Promise<boolean> {
  const linked = await rows.read(await rows.linked(records * lookedAtPerRecord));
  return [...linked.values()].filter(({ applied }) => (applied?.version ?? 0) > 0).length >= records;
}
