import { hash } from 'node:crypto';
import { entities } from '../moovago/entities/entities.ts';
import { childOperations, mandatorOperations, type SentOperation } from '../moovago/operations.ts';
import { mappedChildren, mappedFields } from './mapped-children.ts';
import type { SyncConfig } from './sync-config.ts';

/**
 * Moovago's guide shows no operation for these. They are sent only if a tenant wants them and Moovago's schema proves
 * them.
 */
const optIns = ['contacts', 'mandators', 'turnover'] as const;
export type OptIn = (typeof optIns)[number];

/** The opt-ins of the configuration, each with everything that would be sent for it, with sample values. */
export function optInOperations(config: SyncConfig): Map<OptIn, SentOperation[]> {
  const requested = new Map<OptIn, SentOperation[]>();
  for (const child of mappedChildren(config)) {
    const setting = optIns.find((name) => name === entities[child].setting);
    if (setting) requested.set(setting, Object.values(childOperations(child, mappedFields(child, config))));
  }
  if (config.mandators !== undefined) requested.set('mandators', Object.values(mandatorOperations()));
  return requested;
}

/** Sixteen characters that change if anything else would be sent: another field, or another version of the connector. */
export const operationsHash = (operations: readonly SentOperation[]): string =>
  hash('sha256', JSON.stringify(operations)).slice(0, 16);

/** The configuration without these opt-ins. */
export function withoutOptIns(config: SyncConfig, names: readonly OptIn[]): SyncConfig {
  const left = { ...config };
  for (const name of names) delete left[name];
  return left;
}
