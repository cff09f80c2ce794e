// Far deeper than any real answer. Far from the depth that overflows the stack of code that walks through the result.
export const depthMax = 200;

/**
 * `JSON.parse` for an answer from outside. GraphQL forbids null in `errors` and `extensions`, but some servers send it:
 * it counts as absent. An integer beyond 2^53 becomes text with all its digits.
 * @throws Error for text that is not JSON, or nested deeper than 200 levels; its message quotes nothing
 */
export function parseJsonAnswer(text: string): unknown {
  if (isTooDeep(text)) {
    throw new Error('nested too deep');
  }
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

const [quote, backslash, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts brackets outside of strings. Exact for JSON; the parser rejects everything else. It reads character by
 * character: a regular expression overflows the stack on a string of 10 MB.
 */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length && depth <= depthMax; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      inString = !inString;
    } else if (inString) {
      at += character === backslash ? 1 : 0;
    } else if (character === openList || character === openObject) {
      depth += 1;
    } else if (character === closeList || character === closeObject) {
      depth -= 1;
    }
  }
  return depth > depthMax;
}
