import { operationsHash, optInOperations, withoutOptIns } from '../mapping/opt-ins.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { Table } from '../state/table.ts';
import { createVerifiedOperations } from '../state/verified-operations.ts';
import type { App } from './app.ts';

/**
 * The configuration without opt-ins that Moovago's schema has not verified yet. `refused`: those opt-ins, by key, each
 * with a hash of what would be sent.
 */
export async function verifyConfig(
  config: SyncConfig,
  table: Table,
): Promise<{ config: SyncConfig; refused: Record<string, string> }> {
  const requested = [...optInOperations(config)].map(([name, sent]) => ({
    name,
    hash: operationsHash(sent),
  }));
  if (requested.length === 0) return { config, refused: {} };
  const verified = await createVerifiedOperations(table).read('proved');
  const refused = requested.filter(({ name, hash }) => verified[name] !== hash);
  const names = refused.map(({ name }) => name);
  return {
    config: withoutOptIns(config, names),
    refused: Object.fromEntries(refused.map(({ name, hash }) => [name, hash])),
  };
}

/** The app without unverified opt-ins: it acts as if they were not configured, and companies go on. */
export const verifiedApp = async (app: App): Promise<App> => ({
  ...app,
  config: (await verifyConfig(app.config, app.table)).config,
});

/** The same, and warns once about the refused opt-ins. */
export async function verifiedAppWithWarning(app: App): Promise<App> {
  const { config, refused } = await verifyConfig(app.config, app.table);
  const settings = Object.keys(refused);
  if (settings.length > 0) {
    const store = createVerifiedOperations(app.table);
    const reported = await store.read('told');
    if (settings.some((name) => reported[name] !== refused[name])) {
      const reason = "not proved against Moovago's schema: check --moovago-schema FILE";
      app.telemetry.log.warn('opt-ins-refused', { settings, reason });
      await store.save('told', refused);
    }
  }
  return { ...app, config };
}
