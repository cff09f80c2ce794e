import { AwsFailure } from '../aws-failure.ts';
import type { Item } from './expressions.ts';

/** An attribute as it stands in a request: `{ "S": "text" }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
/** An item as it stands in a request, and in the database. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

const invalid = (message: string) => new AwsFailure('ValidationException', message);

const bytes = (text: unknown) => new Uint8Array(Buffer.from(String(text), 'base64'));
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Record<string, unknown> => Object(value);

/** What each type of attribute is in this process. */
const readers: Record<string, (value: unknown) => unknown> = {
  S: String,
  N: Number,
  BOOL: Boolean,
  NULL: () => null,
  B: bytes,
  L: (value) => listOf(value).map((inner) => attributeValue(recordOf(inner))),
  M: (value) => itemOf(recordOf(value)),
  SS: (value) => new Set(listOf(value)),
  NS: (value) => new Set(listOf(value).map(Number)),
  BS: (value) => new Set(listOf(value).map(bytes)),
};

/** The value of an attribute. Throws a ValidationException for what is no attribute. */
function attributeValue(attribute: AttributeValue): unknown {
  const [type = '', ...others] = Object.keys(attribute);
  const read = readers[type];
  if (read === undefined || others.length > 0)
    throw invalid('Supplied AttributeValue has none or more than one datatype');
  return read(attribute[type]);
}

/** The values of an item's attributes. */
export function itemOf(item: Record<string, unknown>): Item {
  const values: Item = {};
  for (const [name, value] of Object.entries(item)) values[name] = attributeValue(recordOf(value));
  return values;
}

function attributeOfSet(values: ReadonlySet<unknown>): AttributeValue {
  const [first] = values;
  if (first === undefined) throw new Error('Pass a non-empty set: DynamoDB knows no empty one');
  if (typeof first === 'number') return { NS: [...values].map(String) };
  if (first instanceof Uint8Array) return { BS: [...values].map((value) => base64(value)) };
  return { SS: [...values] };
}

const base64 = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);

const isPlain = (value: unknown) => {
  const prototype: unknown = Object.getPrototypeOf(Object(value));
  return prototype === Object.prototype || prototype === null;
};

/** The attribute that holds a value. Throws for what the SDK does not send either. */
function attributeOf(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (value instanceof Set) return attributeOfSet(value);
  if (Array.isArray(value)) return { L: value.filter((inner) => inner !== undefined).map(attributeOf) };
  if (typeof value === 'object' && isPlain(value)) return { M: wireItemOf(recordOf(value)) };
  throw new Error(`Unsupported type passed: ${String(value)}`);
}

/** The item that holds these values, without those that are `undefined`. */
export function wireItemOf(item: Item): WireItem {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item))
    if (value !== undefined) attributes[name] = attributeOf(value);
  return attributes;
}
