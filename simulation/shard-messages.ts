import type { PlanChanges } from './plan.ts';
import type { SingleCrash, Violation } from './world.ts';

/** What a worker is asked to run: seeds, or one seed in a small scenario with one crash after the other. */
export type ShardRequest =
  | {
      seeds: readonly number[];
      /** Breaks the connector on purpose, and stops at the first seed that notices. */
      mutant?: string | undefined;
      changes?: PlanChanges;
    }
  | { seed: number; crashes: readonly SingleCrash[] };

export type Failure = { seed: number; violation: Violation; crash?: SingleCrash };

export type ShardReport = { runs: number; failures: Failure[]; counts: Record<string, number> };

export function addCounts(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(from)) to[name] = (to[name] ?? 0) + value;
}
