import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';

export type HttpAnswer = { status: number; headers: Record<string, string | number>; body: string };

/** A dynalite that is called without a network between: what stands before it would double the work of every call. */
export function createDynaliteCalls() {
  const server = dynalite({ createTableMs: 0 });
  return (headers: IncomingHttpHeaders, body: string): Promise<HttpAnswer> =>
    new Promise((resolve) => {
      const request = Object.assign(Readable.from([Buffer.from(body)]), {
        headers,
        method: 'POST',
        url: '/',
      });
      const sent: HttpAnswer['headers'] = {};
      const response = {
        statusCode: 200,
        setHeader(name: string, value: string | number) {
          sent[name.toLowerCase()] = value;
        },
        end(text = '') {
          resolve({ status: response.statusCode, headers: sent, body: text });
        },
      };
      server.emit('request', request, response);
    });
}
