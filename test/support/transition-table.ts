import type { FolderRow, RowStatus } from '../../lib/state/folder-row.ts';

type Transitions = typeof import('../../lib/sync/rows/row-transitions.ts') &
  typeof import('../../lib/sync/rows/child-transitions.ts') &
  typeof import('../../lib/sync/rows/removal-transitions.ts') &
  typeof import('../../lib/sync/rows/reconcile-transitions.ts') &
  typeof import('../../lib/sync/rows/sharing-transitions.ts') &
  typeof import('../../lib/sync/rows/decision-transitions.ts');

/** Each function of these files that makes a row from a row is an event. */
export type RowEvent = {
  [Name in keyof Transitions]: Transitions[Name] extends (...given: never[]) => FolderRow | undefined
    ? Name
    : never;
}[keyof Transitions];

/** The statuses that an event may lead to. Empty: the event never meets this status, or writes nothing. */
type Cell = readonly RowStatus[];

/**
 * What may happen to a row: every status times every event. A missing cell does not compile. Neither does a missing
 * event, which each new transition is. A row begins with `changed`, `unmappable` or `changedChild`.
 */
// biome-ignore format: a table
export const transitionTable: Record<RowEvent, Record<RowStatus, Cell>> = {
  changed: {
    due: ['due'], delivered: ['due'], refused: ['due'], parked: ['due', 'parked'],
    ambiguous: ['due'], secondary: ['due'], removed: ['due'], ignored: ['ignored'],
  },
  unmappable: {
    due: ['refused'], delivered: ['refused'], refused: ['refused'], parked: ['refused'],
    ambiguous: ['refused'], secondary: ['refused'], removed: ['refused'], ignored: ['ignored'],
  },
  ownerless: {
    due: ['due', 'refused'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'refused', 'parked'],
    ambiguous: ['due', 'refused'], secondary: ['refused'], removed: ['due', 'refused'], ignored: ['ignored'],
  },
  intended: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  delivered: {
    due: ['due', 'delivered', 'removed'], delivered: ['due', 'delivered'], refused: ['due', 'refused'], parked: ['due', 'delivered', 'removed'],
    ambiguous: ['due', 'delivered', 'removed'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  refused: {
    due: ['due', 'refused'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  released: {
    due: ['due'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  slowed: {
    due: ['due'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  adopted: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  confirmedAbsent: {
    due: ['due', 'parked'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  parked: {
    due: ['parked'], delivered: ['parked'], refused: ['parked'], parked: ['parked'],
    ambiguous: ['parked'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  ambiguous: {
    due: ['ambiguous'], delivered: ['ambiguous'], refused: ['ambiguous'], parked: ['ambiguous'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  secondary: {
    due: ['secondary'], delivered: ['secondary'], refused: ['refused', 'secondary'], parked: ['parked', 'secondary'],
    ambiguous: ['ambiguous', 'secondary'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  parted: {
    due: ['due'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  left: {
    due: [], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: ['due'], removed: [], ignored: [],
  },
  gone: {
    due: ['due', 'removed'], delivered: ['due', 'removed'], refused: ['due', 'removed'], parked: ['due', 'removed'],
    ambiguous: ['due', 'removed'], secondary: ['removed'], removed: [], ignored: ['ignored'],
  },
  deleted: {
    due: ['due', 'removed'], delivered: ['removed'], refused: ['refused', 'removed'], parked: ['removed'],
    ambiguous: ['removed'], secondary: ['removed'], removed: ['removed'], ignored: ['ignored'],
  },
  stripped: {
    due: [], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: ['removed'], ignored: ['ignored'],
  },
  dueAgain: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  drifted: {
    due: ['due'], delivered: ['due', 'delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  deletedInMoovago: {
    due: ['parked'], delivered: ['parked'], refused: ['parked'], parked: ['parked'],
    ambiguous: ['parked'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  merged: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  doubled: {
    due: ['ambiguous'], delivered: ['ambiguous'], refused: ['ambiguous'], parked: ['ambiguous'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'], ignored: ['ignored'],
  },
  changedChild: {
    due: ['due', 'refused', 'removed'], delivered: ['due', 'refused'], refused: ['due', 'refused', 'removed'], parked: ['due', 'refused', 'parked', 'removed'],
    ambiguous: ['due', 'refused', 'removed'], secondary: [], removed: ['due', 'refused'], ignored: [],
  },
  unlinked: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  woken: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  wokenBy: {
    due: ['due'], delivered: ['due'], refused: ['due'], parked: ['due'],
    ambiguous: ['due'], secondary: [], removed: [], ignored: [],
  },
  resting: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  inBulk: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  attached: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  givenAway: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due'],
    ambiguous: ['due'], secondary: [], removed: ['removed'], ignored: [],
  },
  childGone: {
    due: ['removed'], delivered: ['removed'], refused: ['removed'], parked: ['removed'],
    ambiguous: ['removed'], secondary: [], removed: [], ignored: [],
  },
  linked: {
    due: ['due'], delivered: ['due', 'delivered'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due'], secondary: ['due'], removed: [], ignored: ['ignored'],
  },
  takenOff: {
    due: ['due', 'removed'], delivered: ['due'], refused: ['due', 'refused', 'removed'], parked: ['due', 'removed'],
    ambiguous: ['due'], secondary: ['due'], removed: ['removed'], ignored: ['ignored'],
  },
  givenBack: {
    due: ['due'], delivered: [], refused: ['due', 'refused'], parked: ['due'],
    ambiguous: ['due'], secondary: ['due'], removed: [], ignored: ['ignored'],
  },
  sentWhole: {
    due: ['due'], delivered: ['due'], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: [],
  },
  ignored: {
    due: ['ignored'], delivered: ['ignored'], refused: ['ignored'], parked: ['ignored'],
    ambiguous: ['ignored'], secondary: ['ignored'], removed: [], ignored: [],
  },
  unignored: {
    due: [], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [], ignored: ['due', 'refused', 'removed'],
  },
};
