import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { anyCredentials } from '../aws-access.ts';
import { AwsFailure } from '../aws-failure.ts';
import { type AwsService, inProcessRequests, unsigned } from '../in-process-requests.ts';
import type { WireItem } from './attribute-values.ts';
import type { Database, Tables } from './database.ts';
import {
  batchGet,
  batchWrite,
  get,
  keyOfRequest,
  put,
  remove,
  tableNamed,
  update,
  type WriteRequest,
} from './operations.ts';
import { readPage } from './pages.ts';
import { describeTable } from './table-description.ts';

type Operation = (database: Tables, input: ReturnType<typeof JSON.parse>) => string;

const active = (TableName: string) => JSON.stringify({ Table: { TableName, TableStatus: 'ACTIVE' } });

const reads: Record<string, Operation> = {
  GetItem: get,
  BatchGetItem: batchGet,
  Query: (database, input) => readPage(database, 'Query', input),
  Scan: (database, input) => readPage(database, 'Scan', input),
  DescribeTable: (database, { TableName }) => {
    tableNamed(database, TableName);
    return active(TableName);
  },
};

const writes: Record<string, Operation> = {
  PutItem: put,
  UpdateItem: update,
  DeleteItem: remove,
  BatchWriteItem: batchWrite,
  CreateTable: (database, input) => {
    if (database.table(input.TableName) !== undefined)
      throw new AwsFailure('ResourceInUseException', `Table already exists: ${input.TableName}`);
    database.create(describeTable(input));
    return active(input.TableName);
  },
};

/** Match keys and fingerprints: a pass over Moovago's companies and a scan of Clavus find them again. */
const foundAgain = /^[MF]#/;

type Write = { Key?: WireItem; Item?: WireItem; RequestItems?: Record<string, WriteRequest[]> };

/** Whether a write is waited for until it is on the disk. A flush takes along what was written before it. */
function mustLast({ Key, Item, RequestItems = {} }: Write): boolean {
  const keys = [Key, Item, ...Object.values(RequestItems).flat().map(keyOfRequest)];
  return keys.some((key) => key?.pk !== undefined && !foundAgain.test(String(key.pk.S)));
}

/**
 * DynamoDB as this connector uses it, in this process. It is consistent at once, indexes too, and never throttles: what
 * DynamoDB may do beyond that, the simulation does.
 * @param input of the call, as it would stand in a request
 * @returns what would stand in the answer
 * @throws AwsFailure, also for a call, an option or an expression that it does not know
 */
export function answerCall(database: Tables, call: string, input: object): string {
  const operation = reads[call] ?? writes[call];
  if (operation === undefined) throw new AwsFailure('UnknownOperationException', `${call} is not known here`);
  return operation(database, input);
}

/** The same, once a write has come to where it must last. */
export async function callDynamodb(database: Database, call: string, input: object): Promise<string> {
  if (writes[call] === undefined) return answerCall(database, call, input);
  const written = database.begin();
  const answer = answerCall(database, call, input);
  await written;
  if (mustLast(input)) await database.flush();
  return answer;
}

/** A client of the SDK for a DynamoDB in this process. */
export const dynamodbClient = (service: AwsService, region: string): DynamoDBClient =>
  new DynamoDBClient({
    region,
    credentials: anyCredentials,
    requestHandler: inProcessRequests(service),
    signer: unsigned,
  });

/** The same for the embedded one. */
export const embeddedDynamodbClient = (database: Database, region: string): DynamoDBClient =>
  dynamodbClient((call, input) => callDynamodb(database, call, JSON.parse(input)), region);
