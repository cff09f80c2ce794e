import { parseArgs } from 'node:util';

const sectionNames = [
  'delivery',
  'busyDelivery',
  'scan',
  'coldStart',
  'latency',
  'createCost',
  'identity',
  'size',
] as const;
type SectionName = (typeof sectionNames)[number];

export type BenchOptions = {
  /** New folders in the backlog. */
  backlog: number;
  /** Unchanged folders, from the smallest scan to the largest. */
  sizes: number[];
  /** Companies in Moovago's list, and folders in Clavus, for the largest sizes. */
  largest: { companies: number; folders: number };
  sections: ReadonlySet<SectionName>;
};

export const help = `Measures the connector beside simpler ways to do the same, on simulated systems, on this machine.

Usage: npm run bench -- [options]

  --full             a backlog of 20,000 folders and scans of up to 1,000,000: a quarter of an hour instead of some minutes
  --folders COUNT    new folders in the backlog (default: 2000); with --only size, folders in Clavus (default: 1000000)
  --companies COUNT  with --only size, companies in Moovago (default: 100000)
  --only NAMES       some parts only, joined by commas: ${sectionNames.join(', ')}; size takes ten minutes, and only runs if it is named
  --help             this

It needs nothing but this machine. On a busy one, times say little; the comparisons come from the same run.`;

const usually = sectionNames.filter((name) => name !== 'size');

const sizes = [1000, 10_000, 100_000];

/** @throws Error with a sentence for the user where an option is wrong */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      folders: { type: 'string' },
      companies: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    backlog:
      values.folders === undefined ? (values.full ? 20_000 : 2000) : positive('--folders', values.folders),
    sizes: values.full ? [...sizes, 1_000_000] : sizes,
    largest: {
      companies: positive('--companies', values.companies ?? '100000'),
      folders: positive('--folders', values.folders ?? '1000000'),
    },
    sections: new Set(values.only === undefined ? usually : values.only.split(',').map(sectionName)),
  };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`${name} takes a whole number from 1 on.`);
  return Number(text);
}

function sectionName(text: string): SectionName {
  const found = sectionNames.find((name) => name === text);
  if (found === undefined) throw new Error(`--only takes ${sectionNames.join(', ')}; there is no '${text}'.`);
  return found;
}
