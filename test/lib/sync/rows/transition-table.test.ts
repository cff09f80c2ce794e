import { describe, expect, it } from 'vitest';
import { type FolderRow, folderRow, type RowStatus, rowStatuses } from '../../../../lib/state/folder-row.ts';
import { childOf, childRowId } from '../../../../lib/state/row-id.ts';
import * as child from '../../../../lib/sync/rows/child-transitions.ts';
import * as decision from '../../../../lib/sync/rows/decision-transitions.ts';
import { brokenInvariants } from '../../../../lib/sync/rows/invariants.ts';
import * as night from '../../../../lib/sync/rows/reconcile-transitions.ts';
import * as removal from '../../../../lib/sync/rows/removal-transitions.ts';
import { isDue } from '../../../../lib/sync/rows/row-status.ts';
import * as folder from '../../../../lib/sync/rows/row-transitions.ts';
import * as sharing from '../../../../lib/sync/rows/sharing-transitions.ts';
import { type RowEvent, transitionTable } from '../../../support/transition-table.ts';

type Next = FolderRow | undefined;

const at = 500;
const record = { name: 'Dupont' };
const other = { name: 'Durand' };
const failureOf = (kind: string) => ({ kind, message: kind, firstAt: 100, lastAt: 100 });
const service = { kind: 'service', message: 'busy', firstAt: at, lastAt: at } as const;
const requests = ['create', 'update', 'delete'] as const;

/** What a row may hold beside its status. Together with each status they make the rows of the table's columns. */
const choices: Record<string, readonly unknown[]> = {
  folderId: ['f1', childRowId('contact', 'f1')],
  desired: [
    undefined,
    { version: 2, record, at: 100, lane: 'live' },
    { version: 2, record, at: 100, lane: 'live', lacksOwner: 'no such member' },
    { version: 3, record: other, at: 100, lane: 'bulk' },
  ],
  applied: [undefined, { version: 0, record, at: 50 }, { version: 2, record, at: 50 }],
  companyId: [undefined, 'c1'],
  parentId: [undefined, 'p1'],
  intent: [undefined, ...requests.map((kind) => ({ id: 'i', at: 90, kind, version: 2 }))],
  waitUntil: [undefined, 600],
  failure: [
    undefined,
    ...['mapping', 'rejected', 'match', 'deleted', 'service'].map(failureOf),
    { ...failureOf('mapping'), field: 'company.ownerIds' },
  ],
  removal: [undefined, 'flag'],
  secondaryTo: [undefined, { companyId: 'c9', folderId: 'f9' }],
  dueLane: [undefined, 'live', 'failed', 'ignored'],
  decision: [undefined, { at: 80, not: ['c8'] }],
};

function* combinations(names: readonly string[]): Generator<Record<string, unknown>> {
  const [name, ...others] = names;
  if (name === undefined) return yield {};
  for (const rest of combinations(others))
    for (const value of choices[name] ?? []) yield value === undefined ? rest : { ...rest, [name]: value };
}

/** Every row that breaks no invariant. */
const soundRows: FolderRow[] = [...combinations(Object.keys(choices))].flatMap((made) =>
  rowStatuses.flatMap((status) => {
    const item = { revision: 1, writeId: 'w', attempts: 0, status, ...made };
    const whole = 'dueLane' in made ? { ...item, dueAt: 100 } : item;
    return brokenInvariants(whole).length === 0 ? [folderRow.parse(whole)] : [];
  }),
);

const found = { rowId: 'f1', at, lane: 'live' } as const;
const mappings = [
  { child: 'contact', kind: 'blank' },
  { child: 'contact', kind: 'unmappable', field: 'contact.lastName', reason: 'empty' },
  { child: 'contact', kind: 'mapped', record },
  { child: 'contact', kind: 'mapped', record: other },
] as const;
const company = folderRow.parse({
  folderId: 'f1',
  revision: 1,
  writeId: 'w',
  attempts: 0,
  status: 'delivered',
  companyId: 'c1',
  desired: { version: 1, record, at, lane: 'live' },
});

/** What each event makes of a row, in all its ways. */
const ways: { [Event in RowEvent]: (row: FolderRow) => Next[] } = {
  changed: (row) =>
    [false, true].flatMap((again) =>
      [record, other].map((one) => folder.changed(row, { ...found, record: one, again })),
    ),
  unmappable: (row) =>
    ['mapping', 'another'].map((reason) =>
      folder.unmappable(row, { ...found, field: 'company.name', reason }),
    ),
  ownerless: (row) =>
    [false, true].flatMap((again) =>
      [record, other].map((one) =>
        folder.ownerless(row, { ...found, record: one, again, lacksOwner: 'no such member' }),
      ),
    ),
  intended: (row) =>
    isDue(row) ? [folder.intended(row, { id: 'i2', at, kind: 'update', version: 2 }, at + 100)] : [],
  delivered: (row) => [2, 3].map((version) => folder.delivered(row, { recordId: 'c1', version, record, at })),
  refused: (row) =>
    [2, 3].flatMap((version) => [
      folder.refused(row, { version, message: 'no', at }),
      folder.refused(row, { version, message: 'no', recordId: 'c1', at }),
    ]),
  released: (row) => [folder.released(row, { at }), folder.released(row, { at, failure: service })],
  slowed: (row) => [folder.slowed(row, { at })],
  adopted: (row) => [
    folder.adopted(row, { recordId: 'c2', at }),
    folder.adopted(row, { recordId: 'c2', at, holds: record }),
  ],
  confirmedAbsent: (row) => [0, 2].map((unclear) => folder.confirmedAbsent({ ...row, unclear }, { at })),
  parked: (row) => [folder.parked(row, { kind: 'service', message: 'unclear', at })],
  ambiguous: (row) => [
    folder.ambiguous(row, { candidates: ['c1', 'c2'], at }),
    folder.ambiguous(row, { candidates: ['c1', 'c2'], companyId: 'c1', at }),
  ],
  parted: (row) => [sharing.parted(row, { at })],
  secondary: (row) => [sharing.secondary(row, { companyId: 'c2', folderId: 'f2' })],
  left: (row) => [sharing.left(row, { at })],
  gone: (row) =>
    (['keep', 'flag', 'delete'] as const).flatMap((policy) =>
      [0, 700].flatMap((observedAt) => [
        removal.gone(row, { policy, at, observedAt }),
        removal.gone(row, { policy, at: 700, observedAt }),
      ]),
    ),
  deleted: (row) => [2, 3].map((version) => removal.deleted(row, { version, at })),
  stripped: (row) =>
    [at, at + removal.creationKeptMs].map((now) => removal.stripped(row, { ownership: {}, at: now })),
  dueAgain: (row) => [night.dueAgain(row, { at })],
  drifted: (row) => [night.drifted(row, { actual: other, forms: {}, at })],
  deletedInMoovago: (row) => [night.deletedInMoovago(row, { at })],
  merged: (row) => [night.merged(row, { companyId: 'c2', at })],
  doubled: (row) => [night.doubled(row, { candidates: ['c1', 'c2'], at })],
  linked: (row) => [
    decision.linked(row, { companyId: 'c1', at }),
    decision.linked(row, { companyId: 'c8', at: 700, holds: record }),
  ],
  takenOff: (row) => [decision.takenOff(row, { at }), decision.takenOff(row, { at: 700 })],
  givenBack: (row) => [decision.givenBack(row, { companyId: 'c9', at })],
  sentWhole: (row) => [decision.sentWhole(row, { at })],
  ignored: (row) => [decision.ignored(row, { at })],
  unignored: (row) => [decision.unignored(row, { at })],
  changedChild: (row) =>
    mappings.flatMap((mapped) =>
      [false, true].map((again) =>
        child.changedChild(row, { rowId: row.folderId, mapped, at, lane: 'live', again }),
      ),
    ),
  unlinked: (row) => [child.unlinked(row)],
  woken: (row) => [child.woken(row, { at })],
  wokenBy: (row) => [child.wokenBy(company, row, at)],
  resting: (row) => [child.resting(row)],
  inBulk: (row) => [child.inBulk(row)],
  attached: (row) => [child.attached(row, 'p2')],
  givenAway: (row) => [child.givenAway(row)],
  childGone: (row) => [child.childGone(row)],
};
const ofFolders = new Set<RowEvent>([
  'gone',
  'deleted',
  'secondary',
  'left',
  'dueAgain',
  'drifted',
  'deletedInMoovago',
  'merged',
  'doubled',
  'linked',
  'takenOff',
  'givenBack',
  'sentWhole',
  'ignored',
  'unignored',
]);
const ofChildren = new Set<RowEvent>([
  'changedChild',
  'unlinked',
  'woken',
  'wokenBy',
  'resting',
  'inBulk',
  'attached',
  'givenAway',
  'childGone',
]);

/** Whether an event may happen to a row: some are of folders only, some of what belongs to their companies. */
function meets(event: RowEvent, row: FolderRow): boolean {
  if (childOf(row) === undefined) return !ofChildren.has(event);
  return !ofFolders.has(event) && row.removal === undefined && row.secondaryTo === undefined;
}

const events = Object.entries(ways) as [RowEvent, (row: FolderRow) => Next[]][];

describe('the table of the transitions', () => {
  it('is tried with rows of every status', () => {
    expect(new Set(soundRows.map(({ status }) => status))).toEqual(new Set(rowStatuses));
  });

  it.each(events)('says what becomes of a row: %s', (event, run) => {
    const seen = Object.fromEntries(rowStatuses.map((status) => [status, new Set<RowStatus>()]));
    const broken = new Set<string>();
    for (const row of soundRows.filter((one) => meets(event, one)))
      for (const next of run(row)) {
        if (next === undefined) continue;
        seen[row.status]?.add(next.status);
        for (const name of brokenInvariants(next)) broken.add(`${row.status}: ${name}`);
      }
    const inOrder = Object.entries(seen).map(([status, led]) => [
      status,
      rowStatuses.filter((one) => led.has(one)),
    ]);
    expect(Object.fromEntries(inOrder)).toEqual(transitionTable[event]);
    expect([...broken]).toEqual([]);
  });
});
