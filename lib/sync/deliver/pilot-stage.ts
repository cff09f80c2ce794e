import type { Pilot } from '../../state/pilot.ts';

/** What the pilot lets through: everything, a few records, or one record until it is read back as it was sent. */
export type PilotStage =
  | { kind: 'over' }
  | { kind: 'running'; left: number }
  /** `isSent`: it was sent again, and has still to be read back. */
  | { kind: 'stopped'; folderId: string; isSent: boolean };

/** @param records how many records the pilot has, as configured; more of them do not begin it again once it is over */
export function pilotStage({ passed, skipped, over, stopped, current }: Pilot, records: number): PilotStage {
  if (skipped || over || passed.length >= records) return { kind: 'over' };
  if (stopped !== undefined)
    return { kind: 'stopped', folderId: stopped.folderId, isSent: current !== undefined };
  return { kind: 'running', left: records - passed.length };
}
