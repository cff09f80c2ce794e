import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { ChildName } from '../../moovago/entities/entity.ts';
import type { Child } from '../../moovago/entities/record.ts';
import type { Slot } from '../../moovago/slot.ts';
import type { CompanyWrite, WriteOutcome } from '../../moovago/write.ts';
import type { Pace } from '../../pace/pace.ts';
import type { Lease } from '../../state/lease.ts';
import type { Pilot } from '../../state/pilot.ts';
import type { LookUpDependencies } from '../match/look-up-creations.ts';
import type { MatchDependencies } from '../match/match-companies.ts';

export type PilotDependencies = {
  readPilot(): Promise<Pilot>;
  savePilot(pilot: Pilot): Promise<void>;
  /** One worker at a time: the records go one by one. */
  takePilotLease(): Promise<{ lease: Lease } | { heldUntil: number }>;
};

export type DeliverDependencies = LookUpDependencies &
  MatchDependencies &
  PilotDependencies & {
    newId(): string;
    postpone(folderId: string, from: number, to: number): Promise<boolean>;
    pace: Pick<
      Pace,
      | 'look'
      | 'reserve'
      | 'freeFrom'
      | 'throttled'
      | 'failed'
      | 'succeeded'
      | 'stopped'
      | 'documentSize'
      | 'shrinkTo'
      | 'grow'
    >;
    /**
     * When the next pass over Moovago's companies that allows creations may begin, in milliseconds since the epoch;
     * `undefined` if creations may go on.
     */
    creationsWaitFor(): Promise<number | undefined>;
    /** Removes a deleted company from these match keys. */
    removeFromIndex(companyId: string, keys: readonly string[]): Promise<void>;
    /** A pass over Moovago's records of a kind that belongs to companies, begun after this call. */
    readChildren(child: ChildName): Promise<Child[]>;
    /** One document; the outcomes are in the order of the writes. */
    writeCompanies(writes: readonly CompanyWrite[], slot: Slot): Promise<WriteOutcome[]>;
  };

export type DeliverOptions = Pick<SyncConfig, 'ownership' | 'blanks' | 'match' | 'primary' | 'pilot'> & {
  stage: string;
  /** The kinds that are sent besides companies: the tenant maps them, and Moovago's schema has proved them. */
  children: readonly ChildName[];
  /** The kinds that the tenant maps but no schema has proved yet: they wait for that. */
  unproved: readonly ChildName[];
  recordsPerRequest: number;
  /** How long an unknown outcome rests before anything is sent again, in milliseconds. */
  settleAfterMs: number;
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
};
