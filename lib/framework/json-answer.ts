// Far deeper than any real answer. Far from the depth that overflows the stack of code that walks through the result.
export const depthMax = 200;

/**
 * Values and records of an answer, by their brackets and commas. 100,000 contacts have 900,000. Without a limit, 20 MB of
 * `[]` are 6.5 million lists, and exhaust the memory of a function.
 */
export const valuesMax = 1_000_000;

/** An answer of more than {@link valuesMax} values. */
export class TooManyValues extends Error {}

/**
 * `JSON.parse` for an answer from outside. GraphQL forbids null in `errors` and `extensions`, but some servers send it:
 * it counts as absent. An integer beyond 2^53 becomes text with all its digits.
 * @throws Error for text that is not JSON, or nested deeper than 200 levels; its message quotes nothing
 * @throws TooManyValues before a value of the answer is made
 */
export function parseJsonAnswer(text: string): unknown {
  refuseExcess(text);
  const answer = parseJson(text);
  // No cause: the original error quotes the text.
  if (answer === undefined) throw new Error('not JSON');
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return answer;
  }
  return Object.fromEntries(
    Object.entries(answer).filter(
      ([key, value]) => !(value === null && (key === 'errors' || key === 'extensions')),
    ),
  );
}

/** An integer of so many digits may lose some of them as a number. The test costs little: few answers have one. */
const longInteger = /(?<![\d."])-?\d{16,}(?![\d.eE"])/;
const integer = /^-?\d+$/;

/** The value of a JSON text whose depth is known to be harmless; `undefined` for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return longInteger.test(text) ? JSON.parse(text, withAllDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An integer that a number cannot hold stays as its digits. */
function withAllDigits(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  const source = context?.source ?? '';
  return integer.test(source) ? source : value;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
export const isOpening = (character: number) => character === openList || character === openObject;
export const isClosing = (character: number) => character === closeList || character === closeObject;
/** Whether a value begins with this character, or behind it. A list of n values counts n. */
export const countsAsValue = (character: number) => character === comma || isOpening(character);

/**
 * Counts brackets and commas outside of strings. Exact for JSON; the parser rejects everything else. It reads character by
 * character: a regular expression overflows the stack on a string of 10 MB.
 */
function refuseExcess(text: string): void {
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) at = endOfString(text, at);
    else if (isOpening(character)) depth++;
    else if (isClosing(character)) depth--;
    if (countsAsValue(character)) values++;
    if (depth > depthMax) throw new Error('nested too deep');
    if (values > valuesMax) throw new TooManyValues();
  }
}

/** Where the string that begins at a place ends. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length && text.charCodeAt(at) !== quote; at++) if (text.charCodeAt(at) === backslash) at++;
  return at;
}
