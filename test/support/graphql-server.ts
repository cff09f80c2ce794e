import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { expect } from 'vitest';

type ReceivedRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: unknown };

/** One answer, or a hand on the response for everything that is not an answer. */
export type ScriptedAnswer =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { status?: number; headers?: Record<string, string>; body: string | Buffer }
  | ((response: ServerResponse, socket: Socket) => void);

/** A server on this machine that answers with what it was told, in order; the last answer repeats. */
export async function startGraphqlServer() {
  const requests: ReceivedRequest[] = [];
  const connections = new Set<Socket>();
  let script: ScriptedAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers, socket } = request;
    connections.add(socket);
    requests.push({ method, path, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const answer = script.length > 1 ? script.shift() : script[0];
    if (typeof answer === 'function') {
      answer(response, socket);
    } else if (answer !== undefined) {
      const json = 'json' in answer;
      const type = json ? 'application/json; charset=utf-8' : 'text/html';
      response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers });
      response.end(json ? JSON.stringify(answer.json) : answer.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/graphql`),
    requests,
    /** What was sent, every document having been validated against a schema. */
    documents: (schema: GraphQLSchema) =>
      requests.map(({ body }) => {
        const { query, variables } = body as { query: string; variables?: unknown };
        expect(validate(schema, parse(query))).toEqual([]);
        return { query, variables };
      }),
    /** How many connections the requests came on. */
    connections: () => connections.size,
    answers(...answers: ScriptedAnswer[]) {
      script = answers;
      requests.length = 0;
      connections.clear();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type GraphqlServer = Awaited<ReturnType<typeof startGraphqlServer>>;
