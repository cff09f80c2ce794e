import { AwsFailure } from '../aws-failure.ts';
import { type AttributeValue, itemOf, type WireItem } from './attribute-values.ts';
import type { Tables } from './database.ts';
import { conditionOf } from './expressions.ts';
import { keyCondition } from './key-condition.ts';
import { tableNamed, valuesOf } from './operations.ts';
import { type Index, keyAttribute, keyNames, keyValues, primaryKey } from './table-description.ts';
import type { Selection, StoredRow, StoredTable } from './table-store.ts';

type PageInput = {
  TableName: string;
  IndexName?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
  ExclusiveStartKey?: WireItem;
  Limit?: number;
  Select?: string;
  ConsistentRead?: boolean;
};

const known = [
  'TableName',
  'IndexName',
  'KeyConditionExpression',
  'FilterExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Limit',
  'Select',
  'ConsistentRead',
];
const invalid = (message: string) => new AwsFailure('ValidationException', message);
/** DynamoDB reads as much for a page, in bytes. */
const pageBytesMax = 1024 * 1024;

/** One page of a query, or of a scan. Throws a ValidationException for what this engine does not know. */
export function readPage(database: Tables, call: 'Query' | 'Scan', input: PageInput): string {
  const strange = Object.keys(input).find((name) => !known.includes(name));
  if (strange !== undefined) throw invalid(`${call}: ${strange} is not known on this machine`);
  const table = tableNamed(database, input.TableName);
  const index = indexNamed(table, input.IndexName);
  if (index !== undefined && input.ConsistentRead) throw invalid('An index has no consistent reads');
  const selection: Selection = {
    index,
    where: call === 'Query' ? keyCondition(index ?? table.description.key, input) : undefined,
    after: startOf(table, index, input.ExclusiveStartKey),
  };
  const isCount = input.Select === 'COUNT';
  if (isCount && input.FilterExpression === undefined && input.Limit === undefined) {
    const count = table.count(selection);
    return JSON.stringify({ Count: count, ScannedCount: count });
  }
  const { found, scanned, last } = collect(table, selection, input);
  const key = last === undefined ? '' : `,"LastEvaluatedKey":${JSON.stringify(last)}`;
  const items = isCount ? '' : `,"Items":[${found.join()}]`;
  return `{"Count":${found.length},"ScannedCount":${scanned}${items}${key}}`;
}

function indexNamed({ description }: StoredTable, name: string | undefined): Index | undefined {
  if (name === undefined) return undefined;
  const index = description.indexes.find((one) => one.name === name);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`);
  return index;
}

function startOf({ description }: StoredTable, index: Index | undefined, start: WireItem | undefined) {
  if (start === undefined) return undefined;
  const own = index === undefined ? [] : keyValues(index, start);
  if (own === undefined) throw invalid('The provided starting key is invalid');
  return [...own, ...primaryKey(description, start)];
}

/** The texts of the items of a page, how many were looked at for them, and after which key the next page begins. */
function collect(table: StoredTable, selection: Selection, input: PageInput) {
  const { FilterExpression, ExpressionAttributeNames: names = {}, Limit = Number.POSITIVE_INFINITY } = input;
  const values = valuesOf(input);
  const passes = FilterExpression === undefined ? undefined : conditionOf(FilterExpression);
  const found: string[] = [];
  let scanned = 0;
  let bytes = 0;
  let end: string | undefined;
  for (const row of table.select(selection)) {
    // There is more: the page ends with the one before.
    if (scanned === Limit || bytes > pageBytesMax)
      return { found, scanned, last: keyIn(table, selection.index, end) };
    const text = selection.index === undefined ? String(row.body) : entryText(table, selection.index, row);
    scanned++;
    bytes += text.length;
    end = text;
    if (passes === undefined || passes(itemOf(JSON.parse(text)), values, names)) found.push(text);
  }
  return { found, scanned, last: undefined };
}

function entryText(table: StoredTable, index: Index, row: StoredRow): string {
  const { key } = table.description;
  const [hash, range] = table.entryOf(row, index);
  return JSON.stringify({
    ...(index.range && { [index.range.name]: keyAttribute(index.range, range) }),
    [index.hash.name]: keyAttribute(index.hash, hash),
    ...(key.range && { [key.range.name]: keyAttribute(key.range, row.range) }),
    [key.hash.name]: keyAttribute(key.hash, row.hash),
  });
}

function keyIn({ description }: StoredTable, index: Index | undefined, text = '{}'): WireItem {
  const item = JSON.parse(text);
  return Object.fromEntries(keyNames(description, index).map(({ name }) => [name, item[name]]));
}
