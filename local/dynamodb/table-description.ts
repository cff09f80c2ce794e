import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { AwsFailure } from '../aws-failure.ts';
import type { AttributeValue, WireItem } from './attribute-values.ts';

/** A key of a table or an index. Only texts and numbers can be keys here. */
export type KeyPart = { name: string; type: 'S' | 'N' };
export type Key = { hash: KeyPart; range?: KeyPart | undefined };
/** An index: its entries hold its key and the table's, and nothing else. */
export type Index = Key & { name: string };
export type TableDescription = { name: string; key: Key; indexes: Index[] };

/** What SQLite keeps of a key: texts sort by their bytes, numbers by their value, as in DynamoDB. */
export type KeyValue = string | number;

const invalid = (message: string) => new AwsFailure('ValidationException', message);

/** A table as `CreateTable` describes it. Throws a ValidationException for what this engine has not. */
export function describeTable(input: CreateTableCommandInput): TableDescription {
  const types = new Map(
    (input.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [
      AttributeName,
      AttributeType,
    ]),
  );
  const part = (schema: CreateTableCommandInput['KeySchema'], kind: 'HASH' | 'RANGE') => {
    const name = schema?.find(({ KeyType }) => KeyType === kind)?.AttributeName;
    const type = types.get(name);
    if (name !== undefined && type !== 'S' && type !== 'N')
      throw invalid(`${name}: only texts and numbers can be keys on this machine`);
    return name === undefined || (type !== 'S' && type !== 'N') ? undefined : { name, type };
  };
  const keyOf = (schema: CreateTableCommandInput['KeySchema'], where: string): Key => {
    const hash = part(schema, 'HASH');
    if (hash === undefined) throw invalid(`${where}: there is no hash key`);
    return { hash, range: part(schema, 'RANGE') };
  };
  const name = input.TableName ?? '';
  if ((input.LocalSecondaryIndexes ?? []).length > 0)
    throw invalid(`${name}: local indexes are not kept on this machine`);
  const indexes = (input.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema, Projection }) => {
    if (Projection?.ProjectionType !== 'KEYS_ONLY')
      throw invalid(`${IndexName}: an index holds keys only on this machine`);
    return { name: IndexName, ...keyOf(KeySchema, IndexName) };
  });
  return { name, key: keyOf(input.KeySchema, name), indexes };
}

const parts = ({ hash, range }: Key) => (range === undefined ? [hash] : [hash, range]);

/** Names of the attributes in the entries of an index; of the table's key where none is given. */
export const keyNames = ({ key }: TableDescription, index: Index | undefined): KeyPart[] => [
  ...new Map(
    [...parts(key), ...(index === undefined ? [] : parts(index))].map((one) => [one.name, one]),
  ).values(),
];

function valueOfPart({ name, type }: KeyPart, attribute: AttributeValue | undefined): KeyValue | undefined {
  if (attribute === undefined) return undefined;
  const value = attribute[type];
  if (typeof value !== 'string' || value === '')
    throw invalid(`The AttributeValue for a key attribute is not a ${type}, or is empty: ${name}`);
  return type === 'N' ? Number(value) : value;
}

/** The values of a key in an item; nothing where a part is missing. Throws a ValidationException for one of another type. */
export function keyValues(key: Key, item: WireItem): [KeyValue, KeyValue] | undefined {
  const hash = valueOfPart(key.hash, item[key.hash.name]);
  const range = key.range === undefined ? '' : valueOfPart(key.range, item[key.range.name]);
  return hash === undefined || range === undefined ? undefined : [hash, range];
}

/** The key of an item. Throws a ValidationException where a part of it is missing. */
export function primaryKey({ key }: TableDescription, item: WireItem): [KeyValue, KeyValue] {
  const values = keyValues(key, item);
  if (values === undefined) throw invalid('The provided key element does not match the schema');
  return values;
}

/** A key's value as an attribute. */
export const keyAttribute = ({ type }: KeyPart, value: unknown): AttributeValue => ({
  [type]: String(value),
});
