import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { MoovagoClient } from '../../moovago/client.ts';
import type { ChildName } from '../../moovago/entities/entity.ts';
import type { Child } from '../../moovago/entities/record.ts';
import type { Pace } from '../../pace/pace.ts';
import type { DirectoryStore } from '../../state/directory.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { Lease } from '../../state/lease.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import type { PilotStore } from '../../state/pilot.ts';
import type { LookUpDependencies } from '../match/look-up-creations.ts';
import type { MatchDependencies } from '../match/match-companies.ts';

export type DeliverDependencies = LookUpDependencies &
  MatchDependencies & {
    rows: Pick<FolderRows, 'postpone'>;
    matchIndex: Pick<MatchIndex, 'forget' | 'sharers'>;
    directory: Pick<DirectoryStore, 'creationsWaitFor'>;
    pilot: PilotStore;
    /** One worker at a time: the records of the pilot go one by one. */
    takePilotLease(): Promise<{ lease: Lease } | { heldUntil: number }>;
    pace: Omit<Pace, 'isBulkTime' | 'requestsWithin' | 'tryKeyAgain'>;
    moovago: Pick<MoovagoClient, 'writeCompanies'>;
    /** A pass over Moovago's records of a kind that belongs to companies, begun after this call. */
    readChildren(child: ChildName): Promise<Child[]>;
  };

export type DeliverOptions = Pick<
  SyncConfig,
  'ownership' | 'blanks' | 'match' | 'matchIgnore' | 'primary' | 'pilot' | 'settleAfter' | 'onRemoved'
> & {
  stage: string;
  pace: Pick<SyncConfig['pace'], 'recordsPerRequest'>;
  /** The kinds that are sent besides companies: the tenant maps them, and Moovago's schema has verified them. */
  children: readonly ChildName[];
  /** The kinds that the tenant maps but no schema has verified yet: they wait for that. */
  unverified: readonly ChildName[];
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
};
