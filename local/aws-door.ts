import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AwsService, answerOf, jsonType } from './in-process-requests.ts';
import { isForUs, isFromPage, keyCheck } from './request-guard.ts';

/** As AWS calls them. */
const refusals: Record<number, string> = { 403: 'AccessDeniedException', 404: 'UnknownOperationException' };

export type AwsDoor = {
  /** An address that begins with `http://127.0.0.1:`. */
  endpoint: string;
  close(): Promise<void>;
};

type AwsDoorOptions = {
  dynamodb?: AwsService | undefined;
  sqs?: AwsService | undefined;
  /** Without `/`. Only requests that are signed with this key come in. */
  accessKeyId: string;
};

/**
 * Services of this process for code that reaches nothing but addresses: 127.0.0.1, any free port. Every page of a browser and
 * every user of this machine can knock. A request comes in if no page can have sent it, and if it has the key. What comes in
 * is read whole before a service hears of it, so a request that breaks off ends nothing but itself.
 */
export async function openAwsDoor({ dynamodb, sqs, accessKeyId }: AwsDoorOptions): Promise<AwsDoor> {
  const services = new Map([
    ['DynamoDB_20120810', dynamodb],
    ['AmazonSQS', sqs],
  ]);
  const isKey = keyCheck(accessKeyId);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [target = '', call = ''] = String(request.headers['x-amz-target']).split('.');
    const service = services.get(target);
    if (!isForUs(request) || isFromPage(request) || !isKey(keyOf(request))) return refuse(response, 403);
    if (service === undefined) return refuse(response, 404);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const input = await text(request);
    const answer = await answerOf(() => service(call, input, gone.signal));
    response.writeHead(answer.statusCode, { 'content-type': jsonType }).end(answer.text);
  }

  const server = createServer((request, response) => {
    // Whoever broke off hears nothing; anybody else hears that the service does not work, and may ask again.
    serve(request, response).catch(() => refuse(response, 500));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${Object(server.address()).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const refuse = (response: ServerResponse, status: number): void =>
  void response
    .writeHead(status, { 'content-type': jsonType })
    .end(JSON.stringify({ __type: refusals[status] ?? 'InternalServerError' }));

/** The key that a request says it is signed with. */
const keyOf = ({ headers: { authorization = '' } }: IncomingMessage): string =>
  /^AWS4-HMAC-SHA256 Credential=([^/]*)\//.exec(authorization)?.[1] ?? '';
