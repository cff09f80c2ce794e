import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const file = new URL('./failed-seeds.json', import.meta.url);

/** Seeds that ever failed: every run begins with them. */
export function readFailedSeeds(): number[] {
  return z.array(z.number()).parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function addFailedSeeds(seeds: readonly number[]): void {
  const all = [...new Set([...readFailedSeeds(), ...seeds])].sort((one, other) => one - other);
  writeFileSync(file, `${JSON.stringify(all)}\n`);
}
