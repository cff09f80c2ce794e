import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Deflate looks back 32 kB: a larger block would not become smaller, and costs more to open for one of its values. */
const blockChars = 32_000;

/**
 * A list of values in compressed blocks of JSON, outside of the heap: 100,000 companies of 1 kB take some 40 MB, and one
 * block at a time is open. The values in it do not change.
 */
export class PackedList {
  readonly #blocks: { first: number; packed: Uint8Array }[] = [];
  /** What is not packed yet. */
  #texts: string[] = [];
  #chars = 0;
  #length = 0;
  #open: { first: number; texts: readonly string[] } | undefined;

  get length(): number {
    return this.#length;
  }

  /** @param value not `undefined` */
  push(value: unknown): void {
    // JSON has no line break inside of a text.
    const text = JSON.stringify(value);
    this.#texts.push(text);
    this.#chars += text.length;
    this.#length++;
    if (this.#chars >= blockChars) this.#pack();
  }

  /** The value at a place, from 0; `undefined` if there is none. */
  at(place: number): unknown {
    const { first, texts } = this.#blockOf(place);
    const text = texts[place - first];
    return text === undefined ? undefined : JSON.parse(text);
  }

  #pack(): void {
    // A copy: the buffer of zlib is larger than what is in it.
    const packed = new Uint8Array(deflateRawSync(this.#texts.join('\n'), { level: 1 }));
    this.#blocks.push({ first: this.#length - this.#texts.length, packed });
    this.#texts = [];
    this.#chars = 0;
  }

  #blockOf(place: number): { first: number; texts: readonly string[] } {
    const first = this.#length - this.#texts.length;
    if (place >= first) return { first, texts: this.#texts };
    const open = this.#open;
    if (open && place >= open.first && place < open.first + open.texts.length) return open;
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#blocks[middle]?.first ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    if (block === undefined) return { first: 0, texts: [] };
    const texts = inflateRawSync(block.packed).toString().split('\n');
    this.#open = { first: block.first, texts };
    return this.#open;
  }
}
