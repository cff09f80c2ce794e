import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lib/state/table.ts';
import { AwsFailure } from '../aws-failure.ts';
import { itemOf, type WireItem, wireItemOf } from './attribute-values.ts';
import type { Database } from './database.ts';
import { callDynamodb } from './embedded-dynamodb.ts';

type Values = Record<string, unknown>;

/**
 * The SDK's document client for a database in this process, without what the SDK does for a network: its commands and their
 * answers, fifteen times as fast. What it checks of values is checked here too.
 */
export function embeddedDocuments(database: Database, region: string): DynamoDBDocumentClient {
  const client = documentClient(new DynamoDBClient({ region }));
  return Object.assign(client, { send: (command: unknown) => perform(database, command) });
}

async function perform(database: Database, command: unknown): Promise<Values> {
  const { call, input } = callOf(command);
  try {
    return valuesOfAnswer(await callDynamodb(database, call, wireInput(input)));
  } catch (error) {
    throw asSdkError(error);
  }
}

/** What a command of the document client asks for. */
export function callOf(command: unknown): { call: string; input: Values } {
  const call = calls.find(([kind]) => command instanceof kind)?.[1];
  if (call === undefined) throw new Error(`The embedded table does not know ${command?.constructor.name}`);
  return { call, input: Object(command).input };
}

const calls = [
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [UpdateCommand, 'UpdateItem'],
  [DeleteCommand, 'DeleteItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
  [BatchGetCommand, 'BatchGetItem'],
  [BatchWriteCommand, 'BatchWriteItem'],
] as const;

/** Classes that callers tell apart. */
const known = { ConditionalCheckFailedException, ResourceNotFoundException };

/** As callers of the SDK expect it. */
export function asSdkError(error: unknown): unknown {
  if (!(error instanceof AwsFailure)) return error;
  const Known = Object.entries(known).find(([name]) => name === error.name)?.[1];
  return Known === undefined ? error : new Known({ message: error.message, $metadata: {} });
}

/** Changes the parts of an object that are there. */
function withParts(given: Values, parts: readonly string[], change: (part: Values) => unknown): Values {
  const changed = { ...given };
  for (const name of parts) if (given[name] !== undefined) changed[name] = change(Object(given[name]));
  return changed;
}

const each = (values: Values, change: (value: Values) => unknown): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(Object(value))]));

/** A document client's input as it stands in a request. */
export function wireInput(input: Values): Values {
  const single = withParts(
    input,
    ['Item', 'Key', 'ExclusiveStartKey', 'ExpressionAttributeValues'],
    wireItemOf,
  );
  const request = (one: Values) =>
    withParts(one, ['PutRequest', 'DeleteRequest'], (inner) => withParts(inner, ['Item', 'Key'], wireItemOf));
  return withParts(single, ['RequestItems'], (tables) =>
    each(tables, (requests) =>
      Array.isArray(requests)
        ? requests.map(request)
        : { ...requests, Keys: Array.from(Object(requests.Keys), (key) => wireItemOf(Object(key))) },
    ),
  );
}

/** What a document client makes of an answer. */
export function valuesOfAnswer(answer: string): Values {
  const all = (found: WireItem[]) => found.map(itemOf);
  const single = withParts(JSON.parse(answer), ['Item', 'Attributes', 'LastEvaluatedKey'], itemOf);
  const listed = withParts(single, ['Items'], (found) => all(Object(found)));
  return withParts(listed, ['Responses'], (tables) => each(tables, (found) => all(Object(found))));
}
