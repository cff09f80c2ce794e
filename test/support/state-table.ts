import { onTestFinished } from 'vitest';
import { documentClient, type Table } from '../../lib/state/table.ts';
import { openDatabase } from '../../local/dynamodb/database.ts';
import { embeddedDocuments } from '../../local/dynamodb/embedded-documents.ts';
import { dynamodbClient, embeddedDynamodbClient } from '../../local/dynamodb/embedded-dynamodb.ts';
import { openDynalite } from '../../local/emulators.ts';
import { provisionTables } from '../../local/provision-tables.ts';
import { readStack } from '../../local/template.ts';

const region = 'eu-west-3';
const { tables } = readStack(process.cwd(), { stage: 'test', environment: {} });

/** What the table of serverless.yml can stand on. */
const engines = {
  embedded: async () => {
    const database = openDatabase(undefined);
    const client = embeddedDynamodbClient(database, region);
    return { client, documents: embeddedDocuments(database, region), close: () => database.close() };
  },
  /** The same through all of the SDK. */
  sdk: async () => {
    const database = openDatabase(undefined);
    const client = embeddedDynamodbClient(database, region);
    return { client, documents: documentClient(client), close: () => database.close() };
  },
  dynalite: async () => {
    const { service, close } = openDynalite(undefined);
    const client = dynamodbClient(service, region);
    return { client, documents: documentClient(client), close };
  },
};
type Engine = keyof typeof engines;

const isEngine = (name: string): name is Engine => Object.hasOwn(engines, name);
/** `TABLE_ENGINE=dynalite npx vitest run test/lib` runs everything on an engine that others have written. */
const named = process.env.TABLE_ENGINE ?? 'embedded';
const chosen: Engine = isEngine(named) ? named : 'embedded';

/** The table of serverless.yml, empty, there until the test ends. */
export async function stateTable(engine: Engine = chosen): Promise<Table> {
  const { client, documents, close } = await engines[engine]();
  onTestFinished(async () => {
    client.destroy();
    await close();
  });
  await provisionTables(client, tables);
  return { client: documents, name: 'clavus-moovago-test' };
}
