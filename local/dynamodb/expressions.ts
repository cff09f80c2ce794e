export type Item = Record<string, unknown>;
type Values = Record<string, unknown>;
type Names = Record<string, string>;
/** The right-hand side of a comparison, or what an attribute is set to, for one item. */
type Operand = (item: Item, values: Values, names: Names) => unknown;
export type Condition = (item: Item, values: Values, names: Names) => boolean;
type Change = (item: Item, values: Values, names: Names) => void;

const token = /\s*(<=|>=|<>|[=<>(),+-]|[:#]?[A-Za-z_][\w.]*)\s*/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new Error(`Cannot read the expression: ${text}`);
    tokens.push(found);
  }
  return tokens;
}

/** Walks over tokens, with complaints about the whole expression. */
function createReader(text: string) {
  const tokens = tokensOf(text);
  let place = 0;
  const peek = () => tokens[place]?.toUpperCase();
  const next = () => {
    const found = tokens[place++];
    if (found === undefined) throw new Error(`The expression ends too soon: ${text}`);
    return found;
  };
  const takes = (word: string) => {
    if (peek() !== word) return false;
    place++;
    return true;
  };
  const expect = (word: string) => {
    if (!takes(word)) throw new Error(`Expected ${word} at ${tokens[place]} in: ${text}`);
  };
  return { peek, next, takes, expect, isAtEnd: () => place === tokens.length };
}
type Reader = ReturnType<typeof createReader>;

function valueAt(item: Item, path: string, names: Names): unknown {
  let value: unknown = item;
  for (const part of path.split('.')) {
    const name = part.startsWith('#') ? names[part] : part;
    value = typeof value === 'object' && value !== null && name ? Reflect.get(value, name) : undefined;
  }
  return value;
}

/** As many as it has of bytes, of members, or of keys; none for what is absent. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Set) return value.size;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

function readOperand(reader: Reader): Operand {
  const word = reader.next();
  if (word.toLowerCase() === 'if_not_exists') {
    reader.expect('(');
    const path = reader.next();
    reader.expect(',');
    const otherwise = readOperand(reader);
    reader.expect(')');
    return (item, values, names) => valueAt(item, path, names) ?? otherwise(item, values, names);
  }
  if (word.toLowerCase() === 'size' && reader.takes('(')) {
    const measured = readOperand(reader);
    reader.expect(')');
    return (...given) => sizeOf(measured(...given));
  }
  if (!word.startsWith(':')) return (item, _, names) => valueAt(item, word, names);
  return (_, values) => {
    if (!Object.hasOwn(values, word)) throw new Error(`No value was given for ${word}`);
    return values[word];
  };
}

/** As DynamoDB does: values of different kinds, or absent ones, are neither smaller nor greater. */
function compare(one: unknown, other: unknown): number | undefined {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0;
  return undefined;
}

const comparisons: Record<string, (one: unknown, other: unknown) => boolean> = {
  '=': (one, other) => one !== undefined && one === other,
  '<>': (one, other) => one !== other,
  '<': (one, other) => (compare(one, other) ?? 0) < 0,
  '>': (one, other) => (compare(one, other) ?? 0) > 0,
  '<=': (one, other) => (compare(one, other) ?? 1) <= 0,
  '>=': (one, other) => (compare(one, other) ?? -1) >= 0,
};

const functions: Record<string, (value: unknown, argument: unknown) => boolean> = {
  ATTRIBUTE_EXISTS: (value) => value !== undefined,
  ATTRIBUTE_NOT_EXISTS: (value) => value === undefined,
  BEGINS_WITH: (value, prefix) => typeof value === 'string' && value.startsWith(String(prefix)),
};

function readCall(reader: Reader, isTrue: (value: unknown, argument: unknown) => boolean): Condition {
  reader.next();
  reader.expect('(');
  const value = readOperand(reader);
  const argument: Operand = reader.takes(',') ? readOperand(reader) : () => undefined;
  reader.expect(')');
  return (...given) => isTrue(value(...given), argument(...given));
}

function readComparison(reader: Reader): Condition {
  const left = readOperand(reader);
  const word = reader.next().toUpperCase();
  const right = readOperand(reader);
  if (word === 'BETWEEN') {
    reader.expect('AND');
    const high = readOperand(reader);
    return (...given) =>
      (compare(left(...given), right(...given)) ?? -1) >= 0 &&
      (compare(left(...given), high(...given)) ?? 1) <= 0;
  }
  const holds = comparisons[word];
  if (holds === undefined) throw new Error(`Unknown comparison: ${word}`);
  return (...given) => holds(left(...given), right(...given));
}

function readFactor(reader: Reader): Condition {
  if (reader.takes('NOT')) {
    const negated = readFactor(reader);
    return (...given) => !negated(...given);
  }
  if (reader.takes('(')) {
    const inner = readChoice(reader);
    reader.expect(')');
    return inner;
  }
  const call = functions[reader.peek() ?? ''];
  return call ? readCall(reader, call) : readComparison(reader);
}

function readTerm(reader: Reader): Condition {
  const parts = [readFactor(reader)];
  while (reader.takes('AND')) parts.push(readFactor(reader));
  return (...given) => parts.every((holds) => holds(...given));
}

function readChoice(reader: Reader): Condition {
  const parts = [readTerm(reader)];
  while (reader.takes('OR')) parts.push(readTerm(reader));
  return (...given) => parts.some((holds) => holds(...given));
}

function nameOf(path: string, names: Names): string {
  const name = path.startsWith('#') ? names[path] : path;
  if (name === undefined || name.includes('.')) throw new Error(`Cannot write to ${path}`);
  return name;
}

function readSet(reader: Reader): Change {
  const path = reader.next();
  reader.expect('=');
  const first = readOperand(reader);
  const sign = reader.takes('+') ? 1 : reader.takes('-') ? -1 : 0;
  const second: Operand = sign === 0 ? () => 0 : readOperand(reader);
  return (item, values, names) => {
    const value = first(item, values, names);
    item[nameOf(path, names)] =
      sign === 0 ? value : Number(value) + sign * Number(second(item, values, names));
  };
}

const setOf = (value: unknown): Set<unknown> => (value instanceof Set ? value : new Set());

const clauses: Record<string, (reader: Reader) => Change> = {
  SET: readSet,
  ADD: (reader) => {
    const path = reader.next();
    const value = readOperand(reader);
    return (item, values, names) => {
      const name = nameOf(path, names);
      const added = value(item, values, names);
      item[name] =
        added instanceof Set
          ? new Set([...setOf(item[name]), ...added])
          : Number(item[name] ?? 0) + Number(added);
    };
  },
  DELETE: (reader) => {
    const path = reader.next();
    const value = readOperand(reader);
    return (item, values, names) => {
      const name = nameOf(path, names);
      const left = setOf(item[name]).difference(setOf(value(item, values, names)));
      // DynamoDB knows no empty set.
      if (left.size > 0) item[name] = left;
      else delete item[name];
    };
  },
  REMOVE: (reader) => {
    const path = reader.next();
    return (item, _, names) => {
      delete item[nameOf(path, names)];
    };
  },
};

function readUpdate(reader: Reader): Change {
  const changes: Change[] = [];
  while (!reader.isAtEnd()) {
    const clause = clauses[reader.next().toUpperCase()];
    if (clause === undefined) throw new Error('Only SET, ADD, REMOVE and DELETE are known');
    do changes.push(clause(reader));
    while (reader.takes(','));
  }
  return (...given) => {
    for (const change of changes) change(...given);
  };
}

function readOnce<Meaning>(read: (reader: Reader) => Meaning): (text: string) => Meaning {
  const known = new Map<string, Meaning>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const reader = createReader(text);
    const meaning = read(reader);
    if (!reader.isAtEnd()) throw new Error(`Something is left over in: ${text}`);
    known.set(text, meaning);
    return meaning;
  };
}

/** What a condition or key condition means, of those that the connector writes. */
export const conditionOf: (text: string) => Condition = readOnce(readChoice);
/** What an update expression does to an item. */
export const updateOf: (text: string) => Change = readOnce(readUpdate);
