import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsFailure } from '../aws-failure.ts';
import { inProcessRequests, unsigned } from '../in-process-requests.ts';
import type { Database } from './database.ts';
import { batchGet, batchWrite, get, put, remove, tableNamed, update } from './operations.ts';
import { readPage } from './pages.ts';
import { describeTable } from './table-description.ts';

type Operation = (database: Database, input: ReturnType<typeof JSON.parse>) => string;

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

/**
 * DynamoDB as this connector uses it, in this process. It is consistent at once, indexes too, and never throttles: what
 * DynamoDB may do beyond that, the simulation does.
 * @param input of the call, as it would stand in a request
 * @returns what would stand in the answer
 * @throws AwsFailure, also for a call, an option or an expression that it does not know
 */
export async function callDynamodb(database: Database, call: string, input: unknown): Promise<string> {
  const read = reads[call];
  if (read !== undefined) return read(database, input);
  const write = writes[call];
  if (write === undefined) throw new AwsFailure('UnknownOperationException', `${call} is not known here`);
  const written = database.begin();
  const answer = write(database, input);
  await written;
  return answer;
}

/** A client of the SDK for a database in this process. */
export const embeddedDynamodbClient = (database: Database, region: string): DynamoDBClient =>
  new DynamoDBClient({
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: inProcessRequests((call, input) => callDynamodb(database, call, JSON.parse(input))),
    signer: unsigned,
  });
