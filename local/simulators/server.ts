import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { isForUs, isFromPage } from '../request-guard.ts';
import { type Answer, jsonAnswer, type Route, refusal, replyTo } from './answer.ts';
import { FaultDesk } from './faults.ts';
import { type RecordedRequest, recordArrival } from './request-log.ts';

type ServerOptions = {
  /** 0 takes any free port. */
  port: number;
  now: () => number;
  /** Every request waits this long before it takes effect and is answered. */
  latencyMs: number;
  routes: Map<string, Route>;
  /** Refuses a request before anything is done for it. */
  refuse: (at: number, headers: IncomingHttpHeaders) => Refused | undefined;
};
type Refused = { status: number; outcome: RecordedRequest['outcome'] };

type SimulatorServer = {
  origin: string;
  requests: RecordedRequest[];
  faults: FaultDesk;
  close(): Promise<void>;
};

/** What both simulators share: HTTP on 127.0.0.1 only, the log of requests, the faults. */
export async function startSimulatorServer(options: ServerOptions): Promise<SimulatorServer> {
  const requests: RecordedRequest[] = [];
  const faults = new FaultDesk();
  const stopping = new AbortController();
  const server = createServer((incoming, response) => {
    serve({ ...options, requests, faults, stopped: stopping.signal }, incoming, response).catch(
      (error: unknown) => {
        // Closed while it waited, or the caller is gone: nobody to answer. Anything else is a defect in here.
        if (stopping.signal.aborted || response.destroyed || response.headersSent) response.destroy();
        else send(response, jsonAnswer(500, `The simulator failed: ${String(error)}`));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    faults,
    close: () =>
      new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Serving = ServerOptions & { requests: RecordedRequest[]; faults: FaultDesk; stopped: AbortSignal };

async function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isForUs(incoming) || isFromPage(incoming)) {
    send(response, refusal(403));
    return;
  }
  const at = serving.now();
  const body = await text(incoming);
  const route = serving.routes.get(incoming.url ?? '');
  if (route === undefined || incoming.method !== 'POST') {
    send(response, refusal(route === undefined ? 404 : 405));
    return;
  }
  const request = recordArrival(serving.requests.length + 1, at, route.operations(body));
  serving.requests.push(request);
  const refused = serving.refuse(at, incoming.headers);
  if (refused !== undefined) {
    Object.assign(request, refused);
    send(response, route.refusal(refused.status));
    return;
  }
  const faults = serving.faults.take(request);
  const latency = faults.find((fault) => fault.kind === 'latency');
  const waitMs = serving.latencyMs + (latency?.ms ?? 0);
  if (waitMs > 0) await sleep(waitMs, undefined, { signal: serving.stopped });
  const reply = await replyTo(route, body, { recorded: request, faults });
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  request.status = reply.status;
  send(response, reply);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
