import type { Pilot } from '../../state/pilot.ts';

/** What the pilot lets through: everything, a few records, or one record until it is read back as it was sent. */
export type PilotStage =
  | { kind: 'over' }
  | { kind: 'running'; left: number }
  | { kind: 'stopped'; folderId: string };

/** @param records how many records the pilot has, as configured */
export function pilotStage({ passed, skipped, stopped }: Pilot, records: number): PilotStage {
  if (skipped || passed.length >= records) return { kind: 'over' };
  if (stopped !== undefined) return { kind: 'stopped', folderId: stopped.folderId };
  return { kind: 'running', left: records - passed.length };
}
