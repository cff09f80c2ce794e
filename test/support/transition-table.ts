import type { FolderRow, RowStatus } from '../../lib/state/folder-row.ts';

type Transitions = typeof import('../../lib/sync/rows/row-transitions.ts') &
  typeof import('../../lib/sync/rows/child-transitions.ts') &
  typeof import('../../lib/sync/rows/removal-transitions.ts') &
  typeof import('../../lib/sync/rows/reconcile-transitions.ts') &
  typeof import('../../lib/sync/rows/sharing-transitions.ts');

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
    ambiguous: ['due'], secondary: ['due'], removed: ['due'],
  },
  unmappable: {
    due: ['refused'], delivered: ['refused'], refused: ['refused'], parked: ['refused'],
    ambiguous: ['refused'], secondary: ['refused'], removed: ['refused'],
  },
  ownerless: {
    due: ['due', 'refused'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'refused', 'parked'],
    ambiguous: ['due', 'refused'], secondary: ['refused'], removed: ['due', 'refused'],
  },
  intended: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  delivered: {
    due: ['due', 'delivered', 'removed'], delivered: ['due', 'delivered'], refused: ['due', 'refused'], parked: ['due', 'delivered', 'removed'],
    ambiguous: ['due', 'delivered', 'removed'], secondary: ['secondary'], removed: ['removed'],
  },
  refused: {
    due: ['due', 'refused'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  released: {
    due: ['due'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  slowed: {
    due: ['due'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  adopted: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  confirmedAbsent: {
    due: ['due', 'parked'], delivered: ['delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  parked: {
    due: ['parked'], delivered: ['parked'], refused: ['parked'], parked: ['parked'],
    ambiguous: ['parked'], secondary: ['secondary'], removed: ['removed'],
  },
  ambiguous: {
    due: ['ambiguous'], delivered: ['ambiguous'], refused: ['ambiguous'], parked: ['ambiguous'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  secondary: {
    due: ['secondary'], delivered: ['secondary'], refused: ['refused', 'secondary'], parked: ['parked', 'secondary'],
    ambiguous: ['ambiguous', 'secondary'], secondary: ['secondary'], removed: ['removed'],
  },
  left: {
    due: [], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: ['due'], removed: [],
  },
  gone: {
    due: ['due', 'removed'], delivered: ['due', 'removed'], refused: ['due', 'removed'], parked: ['due', 'removed'],
    ambiguous: ['due', 'removed'], secondary: ['removed'], removed: [],
  },
  deleted: {
    due: ['due', 'removed'], delivered: ['removed'], refused: ['refused', 'removed'], parked: ['removed'],
    ambiguous: ['removed'], secondary: ['removed'], removed: ['removed'],
  },
  dueAgain: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  drifted: {
    due: ['due'], delivered: ['due', 'delivered'], refused: ['refused'], parked: ['parked'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  deletedInMoovago: {
    due: ['parked'], delivered: ['parked'], refused: ['parked'], parked: ['parked'],
    ambiguous: ['parked'], secondary: ['secondary'], removed: ['removed'],
  },
  merged: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due', 'parked'],
    ambiguous: ['due', 'ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  doubled: {
    due: ['ambiguous'], delivered: ['ambiguous'], refused: ['ambiguous'], parked: ['ambiguous'],
    ambiguous: ['ambiguous'], secondary: ['secondary'], removed: ['removed'],
  },
  changedChild: {
    due: ['due', 'refused', 'removed'], delivered: ['due', 'refused'], refused: ['due', 'refused', 'removed'], parked: ['due', 'refused', 'parked', 'removed'],
    ambiguous: ['due', 'refused', 'removed'], secondary: [], removed: ['due', 'refused'],
  },
  unlinked: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  woken: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  wokenBy: {
    due: ['due'], delivered: ['due'], refused: ['due'], parked: ['due'],
    ambiguous: ['due'], secondary: [], removed: [],
  },
  resting: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  inBulk: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  attached: {
    due: ['due'], delivered: [], refused: [], parked: [],
    ambiguous: [], secondary: [], removed: [],
  },
  givenAway: {
    due: ['due'], delivered: ['due'], refused: ['due', 'refused'], parked: ['due'],
    ambiguous: ['due'], secondary: [], removed: ['removed'],
  },
  childGone: {
    due: ['removed'], delivered: ['removed'], refused: ['removed'], parked: ['removed'],
    ambiguous: ['removed'], secondary: [], removed: [],
  },
};
