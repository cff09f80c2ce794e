import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { CallCounts, kindOf, unitsOf } from './call-counts.ts';
import { createDynaliteCalls, type HttpAnswer } from './dynalite-calls.ts';
import { type Served, SmallItems } from './small-items.ts';

/** The fingerprints' partitions. Everything else is dynalite's. */
const smallKind = 'F';

/** A DynamoDB on 127.0.0.1 that counts what it is asked and what DynamoDB would bill for it. */
export async function startCountingTable() {
  const counts = new CallCounts();
  const small = new SmallItems();
  const askDynalite = createDynaliteCalls();

  async function answer(incoming: IncomingMessage): Promise<HttpAnswer> {
    const body = await text(incoming);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const request: unknown = JSON.parse(body);
    const kind = kindOf(request);
    const served = kind === smallKind ? serveSmall(small, operation, request) : undefined;
    if (served !== undefined) {
      const { readUnits, writeUnits } = served;
      counts.add({ operation, kind, refused: 0, readUnits, writeUnits });
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: served.body };
    }
    const answered = await askDynalite(incoming.headers, askingForUnits(operation, body));
    const isRefused = answered.status === 400 && answered.body.includes('ConditionalCheckFailedException');
    counts.add({
      operation,
      kind,
      refused: isRefused ? 1 : 0,
      ...unitsOf(operation, answered.status === 200 ? JSON.parse(answered.body) : {}),
    });
    return answered;
  }

  const server = createServer((incoming, response) => {
    answer(incoming).then(
      (answered) => reply(response, answered),
      (error: unknown) => reply(response, { status: 500, headers: {}, body: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, counts, small, close: () => server.close() };
}

function serveSmall(small: SmallItems, operation: string, request: unknown): Served | undefined {
  if (operation === 'Query') return small.query(request);
  if (operation === 'BatchGetItem') return small.batchGetItem(request);
  if (operation === 'BatchWriteItem') return small.batchWriteItem(request);
  return undefined;
}

const billed = /^(Get|Put|Update|Delete|BatchGet|BatchWrite)Item$|^Query$|^Scan$/;

/** Adds the wish to know what it costs, as the product does not ask. */
const askingForUnits = (operation: string, body: string): string =>
  billed.test(operation) ? `{"ReturnConsumedCapacity":"TOTAL",${body.slice(1)}` : body;

function reply(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
