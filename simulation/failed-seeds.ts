import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Of runs at the wire, and of all others. */
const fileOf = (wire: boolean) =>
  new URL(wire ? './failed-seeds-at-the-wire.json' : './failed-seeds.json', import.meta.url);

/** Seeds that ever failed: every run begins with them. */
export function readFailedSeeds(wire = false): number[] {
  return z.array(z.number()).parse(JSON.parse(readFileSync(fileOf(wire), 'utf8')));
}

export function addFailedSeeds(seeds: readonly number[], wire: boolean): void {
  const all = [...new Set([...readFailedSeeds(wire), ...seeds])].sort((one, other) => one - other);
  writeFileSync(fileOf(wire), `${JSON.stringify(all)}\n`);
}
