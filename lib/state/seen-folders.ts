import { type IdHash, IdTable, idHash } from './id-table.ts';

const bytesPerId = 8;

/** The folders that a scan has seen: 8 bytes each packed, and some 9 to 12 in memory. */
export class SeenFolders {
  readonly #table = new IdTable(0);

  get size(): number {
    return this.#table.size;
  }

  /** @returns whether it was not seen before */
  add(folderId: string): boolean {
    return this.#table.put(idHash(folderId));
  }

  has(folderId: string): boolean {
    return this.#table.has(idHash(folderId));
  }

  hasHash(id: IdHash): boolean {
    return this.#table.has(id);
  }

  /** Adds what {@link packIds} packed. */
  addPacked(packed: Uint8Array): void {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let at = 0; at + bytesPerId <= packed.byteLength; at += bytesPerId)
      this.#table.put([view.getUint32(at), view.getUint32(at + 4)]);
  }
}

export function packIds(folderIds: readonly string[]): Uint8Array {
  const packed = new Uint8Array(folderIds.length * bytesPerId);
  const view = new DataView(packed.buffer);
  for (const [index, folderId] of folderIds.entries()) {
    const [high, low] = idHash(folderId);
    view.setUint32(index * bytesPerId, high);
    view.setUint32(index * bytesPerId + 4, low);
  }
  return packed;
}
