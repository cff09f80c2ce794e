import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

const readyWithinSeconds = 60;

/** Creates the tables that are missing, and waits until all of them can be used. Those that are there stay as they are. */
export async function provisionTables(
  dynamodb: DynamoDBClient,
  tables: CreateTableCommandInput[],
): Promise<void> {
  for (const table of tables) {
    if (!(await exists(dynamodb, table))) await dynamodb.send(new CreateTableCommand(table));
    await waitUntilTableExists(
      { client: dynamodb, maxWaitTime: readyWithinSeconds, minDelay: 0.05, maxDelay: 1 },
      { TableName: table.TableName },
    );
  }
}

async function exists(dynamodb: DynamoDBClient, { TableName }: CreateTableCommandInput): Promise<boolean> {
  try {
    await dynamodb.send(new DescribeTableCommand({ TableName }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
