import {
  type AttributeValue,
  type CreateTableCommandInput,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type GlobalSecondaryIndex,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/**
 * Makes the indexes of a table say again what its items say, and returns how many entries were wrong.
 * dynalite writes an item's index entries first and the item after, each by itself: a process that is killed in between
 * leaves an item that no index leads to, or an entry that leads to nothing (DynamoDB itself does neither). Run it before
 * anybody else uses the table; it reads all of it.
 */
export async function repairIndexes(
  dynamodb: DynamoDBClient,
  table: CreateTableCommandInput,
): Promise<number> {
  let repaired = 0;
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    repaired += await repairIndex(dynamodb, table, index);
  }
  return repaired;
}

async function repairIndex(
  dynamodb: DynamoDBClient,
  table: CreateTableCommandInput,
  index: GlobalSecondaryIndex,
): Promise<number> {
  const tableKeys = attributeNames(table.KeySchema);
  const indexKeys = attributeNames(index.KeySchema);
  const keys = [...tableKeys, ...indexKeys.filter((name) => !tableKeys.includes(name))];
  const wanted = await scanKeys(dynamodb, { TableName: table.TableName }, keys);
  const found = await scanKeys(dynamodb, { TableName: table.TableName, IndexName: index.IndexName }, keys);

  const missing = [...wanted.keys()].filter((key) => !found.has(key));
  const stale = [...found.entries()].filter(([key]) => !wanted.has(key)).map(([, item]) => item);
  const restore = async (entry: Item, passing?: Item) => {
    const Key = pick(entry, tableKeys);
    const { Item: item } = await dynamodb.send(
      new GetItemCommand({ TableName: table.TableName, Key, ConsistentRead: true }),
    );
    // An entry goes when the item that carries it changes: so the item carries it for a moment.
    if (passing) await put(dynamodb, table, { ...item, ...passing });
    if (item) await put(dynamodb, table, item);
    else await dynamodb.send(new DeleteItemCommand({ TableName: table.TableName, Key }));
  };
  for (const entry of stale) await restore(entry, pick(entry, keys));
  for (const key of missing) await restore(wanted.get(key) ?? {});
  return stale.length + missing.length;
}

/** The items that have all of these attributes, and of them only these, each under its own text. */
async function scanKeys(
  dynamodb: DynamoDBClient,
  source: { TableName: string | undefined; IndexName?: string | undefined },
  keys: string[],
): Promise<Map<string, Item>> {
  const names = Object.fromEntries(keys.map((key, index) => [`#${index}`, key]));
  const input = {
    ...source,
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
  };
  const found = new Map<string, Item>();
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, input)) {
    for (const item of Items) {
      const picked = pick(item, keys);
      if (Object.keys(picked).length === keys.length) found.set(JSON.stringify(picked), picked);
    }
  }
  return found;
}

async function put(dynamodb: DynamoDBClient, table: CreateTableCommandInput, item: Item): Promise<void> {
  await dynamodb.send(new PutItemCommand({ TableName: table.TableName, Item: item }));
}

function pick(item: Item, names: string[]): Item {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = item[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function attributeNames(schema: { AttributeName: string | undefined }[] | undefined): string[] {
  return (schema ?? []).map(({ AttributeName = '' }) => AttributeName);
}
