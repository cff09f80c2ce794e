/** Chance that is the same in every run. */
export type Draws = {
  /** A whole number from 0 up to and without `below`. */
  below(below: number): number;
  /** True in this share of cases. */
  chance(share: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
};

/**
 * Draws for the folder at `index`, independent of all other folders, so that any one can be made alone. Mulberry32;
 * faker's own generator would take thirty times as long to seed as a folder takes to make.
 */
export function drawsFor(seed: number, index: number): Draws {
  let state = mix(index ^ mix(seed));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    pick(items) {
      const item = items[below(items.length)];
      return item === undefined ? items[0] : item;
    },
  };
}

/** Spreads 32 bits over 32 bits; no two numbers give the same. */
function mix(number: number): number {
  let mixed = number | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
