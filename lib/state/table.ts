import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';

/** The single DynamoDB table, as every file of this folder takes it. */
export type Table = { client: DynamoDBDocumentClient; name: string };

/** The client as this folder uses it: plain values, and what is `undefined` is not written. */
export const documentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** Runs a conditional write. `false`: the condition did not hold. Every other error is thrown. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** The pages of a query, one after the other; whoever has enough stops. */
export async function* queryPages(
  { client, name: TableName }: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
) {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new QueryCommand({ ...query, TableName, ExclusiveStartKey: start }));
    yield page;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** The pages of a scan, one after the other. It reads all that there is: for a night, or for a person who asks. */
export async function* scanPages(
  { client, name: TableName }: Table,
  scan: Omit<ScanCommandInput, 'TableName'>,
) {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ ...scan, TableName, ExclusiveStartKey: start }));
    yield page;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
