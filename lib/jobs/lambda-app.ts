// The first key is read with this. It is loaded while the function starts.
import '@aws-lambda-powertools/parameters/ssm';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnvironment } from '../framework/environment.ts';
import { createTelemetry } from '../framework/lambda-telemetry.ts';
import { documentClient } from '../state/table.ts';
import { type App, assembleApp, surroundingsIn } from './app.ts';

/** The app with all real services, from the environment; made once per execution environment. */
export async function createApp(functionName: string): Promise<App> {
  const environment = readEnvironment();
  const table = { client: documentClient(new DynamoDBClient({})), name: environment.TABLE_NAME };
  const telemetry = createTelemetry(environment.STAGE, functionName);
  return assembleApp(await surroundingsIn(environment, telemetry, { table, sqs: new SQSClient({}) }));
}
