import { optInOperations, proofOf, withoutOptIns } from '../mapping/opt-ins.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { createProofsStore } from '../state/proofs.ts';
import type { Table } from '../state/table.ts';
import type { App } from './app.ts';

/**
 * The configuration without opt-ins that Moovago's schema has not proved yet. `refused`: those opt-ins, by key, each
 * with a hash of what would be sent.
 */
export async function proveConfig(
  config: SyncConfig,
  table: Table,
): Promise<{ config: SyncConfig; refused: Record<string, string> }> {
  const wanted = [...optInOperations(config)].map(([name, sent]) => ({ name, proof: proofOf(sent) }));
  if (wanted.length === 0) return { config, refused: {} };
  const proved = await createProofsStore(table).read('proved');
  const refused = wanted.filter(({ name, proof }) => proved[name] !== proof);
  const names = refused.map(({ name }) => name);
  return {
    config: withoutOptIns(config, names),
    refused: Object.fromEntries(refused.map(({ name, proof }) => [name, proof])),
  };
}

/** The app without unproved opt-ins: it acts as if they were not configured, and companies go on. */
export const provedApp = async (app: App): Promise<App> => ({
  ...app,
  config: (await proveConfig(app.config, app.table)).config,
});

/** The same, and warns once about the refused opt-ins. */
export async function provedAppTold(app: App): Promise<App> {
  const { config, refused } = await proveConfig(app.config, app.table);
  const settings = Object.keys(refused);
  if (settings.length > 0) {
    const store = createProofsStore(app.table);
    const told = await store.read('told');
    if (settings.some((name) => told[name] !== refused[name])) {
      const reason = "not proved against Moovago's schema: check --moovago-schema FILE";
      app.telemetry.log.warn('opt-ins-refused', { settings, reason });
      await store.save('told', refused);
    }
  }
  return { ...app, config };
}
