import { hash } from 'node:crypto';

const loadMax = 0.85;
/** By this factor a segment grows: a table that doubles is half empty at worst. */
const growth = 1.25;
const segmentCount = 64;
const slotsAtFirst = 16;
const keyWords = 2;

/**
 * 64 bits of an id's hash; the first half is never 0. With a million ids, two share a hash in one of some 37 million
 * tenants.
 */
export type IdHash = readonly [high: number, low: number];

export function idHash(id: string): IdHash {
  // As text: a buffer would be memory outside the heap, for every id.
  const digest = hash('sha1', id, 'hex');
  return [Number.parseInt(digest.slice(0, 8), 16) || 1, Number.parseInt(digest.slice(8, 16), 16)];
}

/** A flat list of slots: an id's two words, which are 0 if the slot is free, and its data words. */
type Segment = { cells: Uint32Array<ArrayBuffer>; size: number };

/**
 * Ids, each with a few words of 32 bits, in typed arrays (open addressing, linear probing). A million ids need 9 to 12
 * MB, and half of that for each word; a `Map` of strings needs hundreds. An id's first bits choose its segment, and
 * each segment grows separately. So only a small part exists twice at any time.
 * @param words how many words each id comes with
 */
export class IdTable {
  readonly #slotWords: number;
  readonly #segments: Segment[];

  constructor(words: number) {
    this.#slotWords = keyWords + words;
    this.#segments = Array.from({ length: segmentCount }, () => ({
      cells: new Uint32Array(slotsAtFirst * this.#slotWords),
      size: 0,
    }));
  }

  get size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  has([high, low]: IdHash): boolean {
    const { cells } = this.#segmentOf(high);
    return cells[this.#find(cells, high, low)] === high;
  }

  /** Whether the id is there with exactly these words. */
  holds([high, low]: IdHash, words: readonly number[]): boolean {
    const { cells } = this.#segmentOf(high);
    const index = this.#find(cells, high, low);
    return cells[index] === high && words.every((word, place) => cells[index + keyWords + place] === word);
  }

  /** @returns whether the id is new */
  put([high, low]: IdHash, words: readonly number[] = []): boolean {
    const segment = this.#segmentOf(high);
    if ((segment.size + 1) * this.#slotWords > segment.cells.length * loadMax) this.#grow(segment);
    const { cells } = segment;
    const index = this.#find(cells, high, low);
    const isNew = cells[index] === 0;
    if (isNew) segment.size++;
    cells[index] = high;
    cells[index + 1] = low;
    cells.set(words, index + keyWords);
    return isNew;
  }

  *hashes(): Generator<IdHash> {
    for (const { cells } of this.#segments)
      for (let index = 0; index < cells.length; index += this.#slotWords) {
        const [high = 0, low = 0] = [cells[index], cells[index + 1]];
        if (high !== 0) yield [high, low];
      }
  }

  #segmentOf(high: number): Segment {
    const segment = this.#segments[Math.floor(high / (2 ** 32 / segmentCount))];
    if (segment === undefined) throw new Error('an id of more than 32 bits');
    return segment;
  }

  /** The index of a key, or of the free slot where it belongs. */
  #find(cells: Uint32Array, high: number, low: number): number {
    // In the order of the keys, so that a segment may have any number of slots.
    const slots = cells.length / this.#slotWords;
    let index = Math.floor((low / 2 ** 32) * slots) * this.#slotWords;
    for (;;) {
      const found = cells[index];
      if (found === 0 || (found === high && cells[index + 1] === low)) return index;
      index += this.#slotWords;
      if (index === cells.length) index = 0;
    }
  }

  #grow(segment: Segment): void {
    const before = segment.cells;
    const slots = Math.ceil((before.length / this.#slotWords) * growth);
    const cells = new Uint32Array(slots * this.#slotWords);
    for (let from = 0; from < before.length; from += this.#slotWords) {
      const [high = 0, low = 0] = [before[from], before[from + 1]];
      if (high === 0) continue;
      const to = this.#find(cells, high, low);
      for (let word = 0; word < this.#slotWords; word++) cells[to + word] = before[from + word] ?? 0;
    }
    segment.cells = cells;
    // Frees the memory at once; the garbage collector would keep it until it next examines old objects.
    before.buffer.transfer(0);
  }
}
