import { type IdHash, IdTable, idHash } from './id-table.ts';

/** Folder id → 8-byte fingerprint: 16 bytes per entry, some 19 to 24 MB for a million folders. */
export class FingerprintMap {
  readonly #table = new IdTable(2);

  get size(): number {
    return this.#table.size;
  }

  set(folderId: string, fingerprint: Uint8Array): void {
    this.#table.put(idHash(folderId), wordsOf(fingerprint));
  }

  has(folderId: string): boolean {
    return this.#table.has(idHash(folderId));
  }

  /** Whether the folder is known with exactly this fingerprint. */
  matches(folderId: string, fingerprint: Uint8Array): boolean {
    return this.#table.holds(idHash(folderId), wordsOf(fingerprint));
  }

  /** The ids of all folders, as hashes. */
  hashes(): Iterable<IdHash> {
    return this.#table.hashes();
  }
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): [number, number] {
  const view = new DataView(buffer, byteOffset, byteLength);
  return [view.getUint32(0), view.getUint32(4)];
}
