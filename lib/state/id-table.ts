import { hash } from 'node:crypto';

const loadMax = 0.85;
const keyWords = 2;

/** 64 bits of an id's hash, never 0 in the first half. With a million ids two share them once in some 37 million tenants. */
export type IdHash = readonly [high: number, low: number];

export function idHash(id: string): IdHash {
  const digest = hash('sha1', id, 'buffer');
  return [digest.readUInt32BE(0) || 1, digest.readUInt32BE(4)];
}

/**
 * Ids, each with a few words of 32 bits, in one typed array (open addressing, linear probing): a million ids need 16 MB and
 * 8 MB a word, where a `Map` of strings needs hundreds.
 * @param words that each id comes with
 */
export class IdTable {
  readonly #words: number;
  #cells: Uint32Array;
  #size = 0;

  constructor(words: number) {
    this.#words = keyWords + words;
    this.#cells = new Uint32Array(1024 * this.#words);
  }

  get size(): number {
    return this.#size;
  }

  has([high, low]: IdHash): boolean {
    return this.#cells[this.#find(high, low)] === high;
  }

  /** One of the words of an id that is there. */
  wordOf([high, low]: IdHash, index: number): number | undefined {
    return this.#cells[this.#find(high, low) + keyWords + index];
  }

  /** @returns whether the id is new */
  put(id: IdHash, words: readonly number[] = []): boolean {
    if (this.#size + 1 > (this.#cells.length / this.#words) * loadMax) this.#grow();
    return this.#place(id, words);
  }

  *hashes(): Generator<IdHash> {
    for (let index = 0; index < this.#cells.length; index += this.#words) {
      const [high = 0, low = 0] = this.#cells.subarray(index, index + keyWords);
      if (high !== 0) yield [high, low];
    }
  }

  #place([high, low]: IdHash, words: readonly number[]): boolean {
    const index = this.#find(high, low);
    const isNew = this.#cells[index] === 0;
    if (isNew) this.#size++;
    this.#cells.set([high, low, ...words], index);
    return isNew;
  }

  /** The place of a key, or the free place where it belongs. A key is never 0, which means free. */
  #find(high: number, low: number): number {
    const mask = this.#cells.length / this.#words - 1;
    let slot = low & mask;
    for (;;) {
      const index = slot * this.#words;
      const found = this.#cells[index];
      if (found === 0 || (found === high && this.#cells[index + 1] === low)) return index;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const before = this.#cells;
    this.#cells = new Uint32Array(before.length * 2);
    this.#size = 0;
    for (let index = 0; index < before.length; index += this.#words) {
      const [high = 0, low = 0, ...words] = before.subarray(index, index + this.#words);
      if (high !== 0) this.#place([high, low], words);
    }
  }
}
