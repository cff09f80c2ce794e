/** Split a phrase in two. The guide names the dot; the others are an assumption. */
const hardSeparators = /[.;!?|()[\]{}]+/;

/**
 * `search` as the guide describes it. Words within quotes must stand in the name in that order; case and soft
 * separators (`-`, `,`, `:`) do not matter, a hard separator splits a phrase in two. What stands outside quotes is
 * left to "the default behaviour", which the guide does not tell: here each word must begin a word of the name.
 */
export function searchMatcher(search: string): (name: string) => boolean {
  const phrases = [...search.matchAll(/"([^"]*)"/g)].flatMap(([, phrase]) => segments(phrase ?? ''));
  const words = segments(search.replace(/"[^"]*"/g, ' ')).flatMap((segment) => segment.trim().split(' '));
  return (name) => {
    const parts = segments(name);
    return (
      phrases.every((phrase) => parts.some((part) => part.includes(phrase))) &&
      words.every((word) => parts.some((part) => part.includes(` ${word}`)))
    );
  };
}

/** The runs of words between hard separators, lower case, without accents, each as " word word ". */
function segments(text: string): string[] {
  return text
    .split(hardSeparators)
    .map((part) => fold(part).match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => ` ${words.join(' ')} `);
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}
