// Far beyond any real answer, and far below what overflows the stack of those who walk through the result.
const depthMax = 200;

/**
 * `JSON.parse` for an answer from outside. Nulls in `errors` and `extensions`, which GraphQL forbids and some servers
 * send, are taken as absent.
 * @throws Error for what is not JSON or is nested deeper than 200 levels; its message holds nothing of the text
 */
export function parseJsonAnswer(text: string): unknown {
  if (isTooDeep(text)) {
    throw new Error('nested too deep');
  }
  const answer: unknown = parseQuietly(text);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return answer;
  }
  return Object.fromEntries(
    Object.entries(answer).filter(
      ([key, value]) => !(value === null && (key === 'errors' || key === 'extensions')),
    ),
  );
}

function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No cause: the original quotes the text.
    throw new Error('not JSON');
  }
}

const [quote, backslash, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts brackets outside of strings. Exact for JSON; for anything else the parser has the last word.
 * Character by character: a regular expression overflows the stack on a string of 10 MB.
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
