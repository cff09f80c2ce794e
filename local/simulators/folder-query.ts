import { createGraphQLError } from 'graphql-yoga';
import type { ColumnValue } from '../../lib/clavus/folder.ts';
import { searchMatcher } from './folder-search.ts';
import type { FolderStore, SimulatedFolder } from './simulated-folder.ts';
import type { ColumnDefinition } from './tenant.ts';

type Filter = { column: string; operator: string; value: string };
type Sort = { column: string; direction: string };
export type FolderQuery = {
  search?: string | null;
  filterColumns?: (Filter | null)[] | null;
  sortBy?: (Sort | null)[] | null;
};
type Test = (values: readonly ColumnValue[]) => boolean;

/** The guide's seven operators. That a filter on nothing matches nothing, and how `CONTAINS` compares, are assumptions. */
const operators = new Map<string, (value: string | number | boolean, wanted: string) => boolean>([
  ['=', (value, wanted) => compare(value, wanted) === 0],
  ['<', (value, wanted) => compare(value, wanted) < 0],
  ['>', (value, wanted) => compare(value, wanted) > 0],
  ['<=', (value, wanted) => compare(value, wanted) <= 0],
  ['>=', (value, wanted) => compare(value, wanted) >= 0],
  ['IN', (value, wanted) => wanted.split(',').some((one) => compare(value, one.trim()) === 0)],
  ['CONTAINS', (value, wanted) => String(value).toLowerCase().includes(wanted.toLowerCase())],
]);

/** Finds folders; keeps the last answers, so that the pages of one scan are not each searched for anew. */
export class FolderFinder {
  readonly #store: FolderStore;
  readonly #folderName: string[];
  readonly #mayRead: (column: ColumnDefinition) => boolean;
  readonly #kept = new Map<string, { revision: number; folders: SimulatedFolder[] }>();

  constructor(store: FolderStore, folderName: string[], mayRead: (column: ColumnDefinition) => boolean) {
    this.#store = store;
    this.#folderName = folderName;
    this.#mayRead = mayRead;
  }

  /** All folders that match, in the order asked for, else in the order of insertion. */
  find(query: FolderQuery): SimulatedFolder[] {
    const key = JSON.stringify([query.search, query.filterColumns, query.sortBy]);
    const kept = this.#kept.get(key);
    if (kept?.revision === this.#store.revision) return kept.folders;
    const folders = this.#search(query);
    this.#kept.delete(key);
    this.#kept.set(key, { revision: this.#store.revision, folders });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > 4 && oldest !== undefined) this.#kept.delete(oldest);
    return folders;
  }

  #search(query: FolderQuery): SimulatedFolder[] {
    const tests = [...this.#searchTest(query.search), ...this.#filterTests(query.filterColumns ?? [])];
    const all = [...this.#store.values()];
    const found =
      tests.length === 0
        ? all
        : all.filter((folder) => {
            const values = folder.values();
            return tests.every((test) => test(values));
          });
    return this.#sorted(found, query.sortBy ?? []);
  }

  #searchTest(search: string | null | undefined): Test[] {
    if (search === undefined || search === null || search.trim() === '') return [];
    const matches = searchMatcher(search);
    const slots = this.#folderName.map((column) => this.#slot(column, 'search'));
    return [(values) => matches(slots.map((slot) => values[slot] ?? '').join(' '))];
  }

  #filterTests(filters: (Filter | null)[]): Test[] {
    return filters
      .filter((filter) => filter !== null)
      .map(({ column, operator, value: wanted }) => {
        const slot = this.#slot(column, 'filterColumns');
        const matches = operators.get(operator);
        if (matches === undefined)
          throw createGraphQLError(`Unknown operator "${operator}" in filterColumns`);
        return (values) => scalars(values[slot] ?? null).some((value) => matches(value, wanted));
      });
  }

  #sorted(folders: SimulatedFolder[], sorts: (Sort | null)[]): SimulatedFolder[] {
    const keys = sorts
      .filter((sort) => sort !== null)
      .map(({ column, direction }) => {
        if (direction !== 'asc' && direction !== 'desc')
          throw createGraphQLError(`Unknown direction "${direction}" in sortBy`);
        return { slot: this.#slot(column, 'sortBy'), sign: direction === 'desc' ? -1 : 1 };
      });
    if (keys.length === 0) return folders;
    const rows = folders.map((folder) => {
      const values = folder.values();
      return { folder, values: keys.map(({ slot }) => scalars(values[slot] ?? null)[0]) };
    });
    rows.sort((a, b) => {
      for (const [index, { sign }] of keys.entries()) {
        const order = compareForSort(a.values[index], b.values[index], sign);
        if (order !== 0) return order;
      }
      return 0;
    });
    return rows.map(({ folder }) => folder);
  }

  /** A column that is unknown, or that the key may not read, is refused: an assumption. */
  #slot(named: string, argument: string): number {
    const { columns } = this.#store;
    const column = columns.find(named);
    if (column === undefined || !this.#mayRead(column))
      throw createGraphQLError(`Unknown column "${named}" in ${argument}`);
    return columns.slot(column.id);
  }
}

function scalars(value: ColumnValue): (string | number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap(scalars);
  return value === null ? [] : [value];
}

/** As numbers where the value is one and the filter reads as one, else as text, by code unit. */
function compare(value: string | number | boolean, wanted: string): number {
  const number = wanted.trim() === '' ? Number.NaN : Number(wanted);
  if (typeof value === 'number' && !Number.isNaN(number)) return value - number;
  return compareTexts(String(value), wanted);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Scalar = string | number | boolean | undefined;

/** Folders without a value come last in either direction: an assumption. */
function compareForSort(a: Scalar, b: Scalar, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * compareTexts(String(a), String(b));
}
