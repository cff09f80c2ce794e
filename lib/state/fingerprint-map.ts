import { hash } from 'node:crypto';

const wordsPerEntry = 4;
const loadMax = 0.85;

/**
 * Folder id → 8-byte fingerprint, in one typed array of 16 bytes an entry: a million folders need some 20 to 40 MB, where
 * a `Map` of strings needs hundreds. An id is known by 64 bits of its hash: with a million folders two share them
 * once in some 37 million tenants, and then a change of one might be missed until its next change.
 */
export class FingerprintMap {
  #words = new Uint32Array(1024 * wordsPerEntry);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  set(folderId: string, fingerprint: Uint8Array): void {
    if (this.#size + 1 > (this.#words.length / wordsPerEntry) * loadMax) this.#grow();
    const [high, low] = keyOf(folderId);
    const view = new DataView(fingerprint.buffer, fingerprint.byteOffset, fingerprint.byteLength);
    this.#put(high, low, view.getUint32(0), view.getUint32(4));
  }

  has(folderId: string): boolean {
    const [high, low] = keyOf(folderId);
    return this.#words[this.#find(high, low)] !== 0;
  }

  /** Whether the folder is known with exactly this fingerprint. */
  matches(folderId: string, fingerprint: Uint8Array): boolean {
    const [high, low] = keyOf(folderId);
    const index = this.#find(high, low);
    const view = new DataView(fingerprint.buffer, fingerprint.byteOffset, fingerprint.byteLength);
    return (
      this.#words[index] === high &&
      this.#words[index + 1] === low &&
      this.#words[index + 2] === view.getUint32(0) &&
      this.#words[index + 3] === view.getUint32(4)
    );
  }

  /** The place of a key, or the free place where it belongs (linear probing). A key is never 0, which means free. */
  #find(high: number, low: number): number {
    const mask = this.#words.length / wordsPerEntry - 1;
    let slot = low & mask;
    for (;;) {
      const index = slot * wordsPerEntry;
      const found = this.#words[index];
      if (found === 0 || (found === high && this.#words[index + 1] === low)) return index;
      slot = (slot + 1) & mask;
    }
  }

  #put(high: number, low: number, first: number, second: number): void {
    const index = this.#find(high, low);
    if (this.#words[index] === 0) this.#size++;
    this.#words.set([high, low, first, second], index);
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Uint32Array(before.length * 2);
    this.#size = 0;
    for (let index = 0; index < before.length; index += wordsPerEntry) {
      const [high = 0, low = 0, first = 0, second = 0] = before.subarray(index, index + wordsPerEntry);
      if (high !== 0) this.#put(high, low, first, second);
    }
  }
}

function keyOf(folderId: string): [number, number] {
  const digest = hash('sha1', folderId, 'buffer');
  return [digest.readUInt32BE(0) || 1, digest.readUInt32BE(4)];
}
