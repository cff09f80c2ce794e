import type { ColumnValue } from '../../lib/clavus/folder.ts';
import type { ColumnDefinition } from './tenant.ts';

/** The columns of a tenant: a live list, which may be renamed, reordered, shortened and extended. */
export class ColumnTable {
  readonly list: ColumnDefinition[];
  readonly #slots = new Map<string, number>();

  constructor(columns: ColumnDefinition[]) {
    this.list = [...columns];
    for (const { id } of columns) this.slot(id);
  }

  /** By id, name or label; failing that, by name or label in other letter case ("commercial" is "Commercial"). */
  find(named: string): ColumnDefinition | undefined {
    const lower = named.toLowerCase();
    return (
      this.list.find(({ id }) => id === named) ??
      this.list.find(({ name }) => name === named) ??
      this.list.find(({ label }) => label === named) ??
      this.list.find(({ name, label }) => name.toLowerCase() === lower || label.toLowerCase() === lower)
    );
  }

  /** Where the values of a column stand in a folder. Stays, whatever becomes of the list. */
  slot(columnId: string): number {
    const known = this.#slots.get(columnId);
    if (known !== undefined) return known;
    const slot = this.#slots.size;
    this.#slots.set(columnId, slot);
    return slot;
  }
}

/** A folder. Its values are made anew at each look until the first edit, so that folders by the million stay small. */
export class SimulatedFolder {
  readonly id: string;
  readonly #store: FolderStore;
  readonly #make: () => ColumnValue[];
  #edited: ColumnValue[] | undefined;

  constructor(id: string, store: FolderStore, make: () => ColumnValue[]) {
    this.id = id;
    this.#store = store;
    this.#make = make;
  }

  /** All values, each at the slot of its column. */
  values(): readonly ColumnValue[] {
    return this.#edited ?? this.#make();
  }

  /** The value of a column, named by id, name or label. Null for a column that there is not. */
  get(column: string): ColumnValue {
    const found = this.#store.columns.find(column);
    return found === undefined ? null : (this.values()[this.#store.columns.slot(found.id)] ?? null);
  }

  /** Changes one value, as an import would that leaves the date of modification alone. */
  set(column: string, value: ColumnValue): void {
    const found = this.#store.columns.find(column);
    if (found === undefined) throw new Error(`The simulated Clavus has no column '${column}'.`);
    this.#edited ??= this.#make();
    this.#edited[this.#store.columns.slot(found.id)] = value;
    this.#store.revision += 1;
  }
}

/** The folders, in the order of insertion. `revision` rises with every change, so that answers can be kept until then. */
export class FolderStore extends Map<string, SimulatedFolder> {
  revision = 0;
  readonly columns: ColumnTable;

  constructor(columns: ColumnTable) {
    super();
    this.columns = columns;
  }

  add({ id, values }: { id: string; values: () => ColumnValue[] }): SimulatedFolder {
    const folder = new SimulatedFolder(id, this, values);
    this.set(id, folder);
    return folder;
  }

  override set(id: string, folder: SimulatedFolder): this {
    this.revision += 1;
    return super.set(id, folder);
  }

  override delete(id: string): boolean {
    this.revision += 1;
    return super.delete(id);
  }

  override clear(): void {
    this.revision += 1;
    super.clear();
  }
}
