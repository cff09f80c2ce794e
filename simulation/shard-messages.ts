import type { PlanChanges } from './plan.ts';
import type { Violation } from './world.ts';

export type ShardRequest = {
  seeds: readonly number[];
  /** Breaks the connector on purpose, and stops at the first seed that notices. */
  mutant?: string | undefined;
  changes?: PlanChanges;
};

export type Failure = { seed: number; violation: Violation };

export type ShardReport = { runs: number; failures: Failure[]; counts: Record<string, number> };

export function addCounts(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(from)) to[name] = (to[name] ?? 0) + value;
}
