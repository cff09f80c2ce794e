const textHashes = new Map<string, number>();

/** FNV-1a, 32 bits. */
function hashOfText(text: string): number {
  const known = textHashes.get(text);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  textHashes.set(text, hash);
  return hash;
}

function mix(key: number, value: number): number {
  let hash = Math.imul(key, 0x9e3779b1) + value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Chance that is looked up and not consumed: the same key and purpose give the same number, whatever else was drawn.
 * So a fault that is taken away moves nothing else.
 */
export class Chance {
  readonly #key: number;

  constructor(key: number) {
    this.#key = mix(key, 0x5eed);
  }

  /** The chance of a part: a process, its nth effect. */
  of(part: string | number): Chance {
    return new Chance(mix(this.#key, typeof part === 'number' ? part : hashOfText(part)));
  }

  /** From 0 (included) to 1 (excluded). */
  number(purpose: string): number {
    return mix(this.#key, hashOfText(purpose)) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(purpose: string, from: number, to: number): number {
    return from + Math.floor(this.number(purpose) * (to - from + 1));
  }

  hits(purpose: string, probability: number): boolean {
    return this.number(purpose) < probability;
  }

  pick<Value>(purpose: string, values: readonly [Value, ...Value[]]): Value {
    return values[Math.floor(this.number(purpose) * values.length)] ?? values[0];
  }
}
