import { faultKinds, isAtTheWire } from './fault-kinds.ts';
import type { CrashMode, CrashPoint } from './world.ts';

/** A run of fewer seeds may miss something by chance. */
const seedsForAll = 1_000;

const points: readonly CrashPoint[] = ['before', 'in flight', 'after'];
const modes: readonly CrashMode[] = ['kill', 'throw'];

/** What a long run must have come across, or it proves less than it seems to. */
const mustHappen = [
  'company created',
  'company updated',
  'contact created',
  'contact updated',
  'log child-adopted',
  'log opt-ins-refused',
  'bulk request',
  'folder removed',
  'removals approved',
  'poll of what was modified',
  'webhook 200',
  'webhook 202',
  'reconcile returned',
  'log company-drifted',
  'log company-deleted',
  'log rows-stripped',
  'scan left for the next poll',
  'slot missed by a write',
  'write that was late',
  'dead letters',
  'own write met by its retry',
  'write killed',
  'write threw',
  'log creation-looked-up',
  'metric CompaniesAdopted',
  'metric OutcomesUnknown',
  'metric RecordsRefused',
  'metric FoldersUnmappable',
  'log queue-refused-messages',
  'log scan-incomplete',
  'company taken over',
  'log company-adopted',
  'log creations-wait',
  'log document-refused',
  'log folder-secondary',
  'log match-ambiguous',
  'log pilot-passed',
  'log pilot-stopped',
  'log deliveries-stopped',
  'retried',
  'prospect created',
  'prospect updated',
  'prospect converted',
  'log prospect-converted',
  'log prospect-owned',
  'log prospect-parked',
  'log prospect-refused',
  'recovered',
  'unlinked',
  'linked by a person',
  'left out',
  'prospect asked for',
];

const services = [
  'moovago write',
  'moovago companies',
  'PutCommand FOLDER',
  'UpdateCommand PACE',
  'SendMessageBatch',
];

/** Where the real clients read the answers. */
const mustHappenAtTheWire = [
  'wire: data is null',
  'wire: a page too heavy',
  'wire: too many ids',
  'poll that saw everything',
  'log companies-cut',
  'log companies-unreadable',
  'log folders-unreadable',
  'log count-disagrees',
  'log reconcile-held',
];

/** What a run of so many seeds should have come across and did not. */
export function unreached(runs: number, counts: Readonly<Record<string, number>>, wire: boolean): string[] {
  if (runs < seedsForAll) return [];
  const names = Object.keys(counts).filter((name) => (counts[name] ?? 0) > 0);
  const kinds = faultKinds.filter((kind) => wire || !isAtTheWire(kind));
  const crashes = modes.flatMap((mode) =>
    points.flatMap((point) => services.map((service) => `${mode} ${point} ${service}`)),
  );
  return [
    ...[...kinds.map((kind) => `fault ${kind}`), ...mustHappen, ...(wire ? mustHappenAtTheWire : [])].filter(
      (name) => !names.includes(name),
    ),
    ...crashes.filter((crash) => !names.some((name) => name.startsWith(crash))),
  ];
}
