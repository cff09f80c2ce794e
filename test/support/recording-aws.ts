import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openDynalite, openFauxqs } from '../../local/emulators.ts';
import { answerOf, jsonType } from '../../local/in-process-requests.ts';

/** One call of AWS, as IAM sees it. `caller`: the function; '' for the stack around the functions. */
type AwsCall = { caller: string; action: string; resource: string };

// biome-ignore lint/suspicious/noExplicitAny: any call's input
type Input = Record<string, any>;

/** IAM has one action for a call and for its batch. */
const actionOf = (call: string) =>
  call.replace(/^(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch$/, '$1');

/** What a call is made on, as the end of its ARN. */
function resourcesIn(service: string, input: Input): string[] {
  if (service === 'ssm') return [`parameter${input.Name}`];
  if (service === 'sqs') return [String(input.QueueUrl ?? input.QueueName).replace(/^.*\//, '')];
  const tables: string[] = input.RequestItems ? Object.keys(input.RequestItems) : [input.TableName];
  return tables.map((table) => `table/${table}${input.IndexName ? `/index/${input.IndexName}` : ''}`);
}

const serviceOf: Record<string, string> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
};

/** The configuration of a function is asked for by its path. */
const functionPath = /^\/2015-03-31\/functions\/([\w-]+)\/configuration$/;

/**
 * DynamoDB and SQS as the embedded stack has them, an SSM, and the configuration of deployed functions, behind one address
 * that writes down who calls what.
 * @param options.functions the environment of each function, by its name on AWS
 */
export async function startRecordingAws(options: {
  parameters: Map<string, string>;
  functions?: Record<string, Record<string, string>>;
}) {
  const dynamodb = openDynalite(undefined);
  const sqs = openFauxqs('eu-west-3');
  const calls: AwsCall[] = [];
  const sqsBodies: string[] = [];
  let url = '';

  async function answer(service: string, call: string, body: string) {
    if (service === 'ssm') {
      const Value = options.parameters.get(JSON.parse(body).Name);
      return Value === undefined
        ? { statusCode: 400, text: '{"__type":"ParameterNotFound"}' }
        : { statusCode: 200, text: JSON.stringify({ Parameter: { Value } }) };
    }
    const { statusCode, text: said } = await answerOf(() =>
      (service === 'sqs' ? sqs : dynamodb).service(call, body),
    );
    // fauxqs names its queues' URLs by a host that not every machine resolves.
    return { statusCode, text: said.replaceAll(/http:\/\/sqs\.[\w-]+\.localhost/g, url) };
  }

  function answerOfLambda(name: string, caller: string) {
    calls.push({ caller, action: 'lambda:GetFunctionConfiguration', resource: `function:${name}` });
    const Variables = options.functions?.[name];
    return Variables === undefined
      ? { status: 404, type: 'ResourceNotFoundException', body: '{"Message":"Function not found"}' }
      : { status: 200, type: '', body: JSON.stringify({ FunctionName: name, Environment: { Variables } }) };
  }

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [target = '', call = ''] = String(request.headers['x-amz-target']).split('.');
    const service = serviceOf[target] ?? target;
    const [, caller = ''] = / app\/(\w+)/.exec(request.headers['user-agent'] ?? '') ?? [];
    const [, functionName] = functionPath.exec(request.url ?? '') ?? [];
    if (functionName !== undefined) {
      const { status, type, body: said } = answerOfLambda(functionName, caller);
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type }).end(said);
      return;
    }
    if (service === 'sqs') sqsBodies.push(body);
    for (const resource of resourcesIn(service, JSON.parse(body)))
      calls.push({ caller, action: `${service}:${actionOf(call)}`, resource });
    // Whoever asked may have gone, and the service with it.
    const answered = await answer(service, call, body).catch(() => ({ statusCode: 503, text: '{}' }));
    response.writeHead(answered.statusCode, { 'content-type': jsonType }).end(answered.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    /** Everything that was ever said to SQS. */
    sqsBodies,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sqs.close();
      await dynamodb.close();
    },
  };
}

/** The same with the stage `local`: its functions know where both simulators are, and the keys are in SSM only. */
export async function startRecordedStage({ clavus, moovago }: Record<'clavus' | 'moovago', { url: string }>) {
  const parameters = new Map([
    ['/clavus-moovago/local/clavus-api-key', 'canary-clavus-key'],
    ['/clavus-moovago/local/moovago-api-key', 'canary-moovago-key'],
  ]);
  const addresses = {
    CLAVUS_API_URL: clavus.url,
    MOOVAGO_API_URL: moovago.url,
    MOOVAGO_API_KEY_HEADER: 'api-key',
  };
  const functions = { 'clavus-moovago-local-pollClavus': addresses };
  return { ...(await startRecordingAws({ parameters, functions })), parameters };
}
