import { fold } from './fold.ts';

/** How many letters must be added, removed or replaced to turn one word into the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function distance(word: string, known: string): number {
  const contained = word.length > 2 && known.length > 2 && (known.includes(word) || word.includes(known));
  return contained ? 1 : editDistance(word, known);
}

/** The known words that a mistyped word may mean: the nearest, three at most. Case and accents do not count. */
function nearest(word: string, known: Iterable<string>): string[] {
  // Longer than any key or label. The cost grows with the product of both lengths.
  const sought = fold(word).slice(0, 100);
  const farthest = Math.ceil(sought.length / 3);
  const candidates = [...new Set(known)].map((candidate) => ({
    candidate,
    away: distance(sought, fold(candidate).slice(0, 100)),
  }));
  const away = Math.min(farthest, ...candidates.map((candidate) => candidate.away));
  return candidates
    .filter((candidate) => candidate.away === away)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `; did you mean 'telephone'?`, or nothing if no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const words = nearest(word, known).map((candidate) => `'${candidate}'`);
  return words.length === 0 ? '' : `; did you mean ${words.join(' or ')}?`;
}
