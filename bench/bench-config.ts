import { parseSyncConfig, type SyncConfig, type SyncConfigInput } from '../lib/mapping/sync-config.ts';
import demoConfig from '../local/demo/sync.config.ts';

/** What the bench syncs: what the demonstration does, without the first steps of a new stage. */
export const benchConfig = (changes: Partial<SyncConfigInput>): SyncConfigInput => ({
  ...demoConfig,
  pilot: 0,
  ...changes,
});

/** The same, checked and complete. */
export const syncConfig = (changes: Partial<SyncConfigInput>): SyncConfig =>
  parseSyncConfig(benchConfig(changes), 'bench');
