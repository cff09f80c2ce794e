import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';

/** A service that others have written, for functions that run apart, and for tests on more than one engine. */
export type Emulator = {
  /** An address that begins with `http://127.0.0.1:`. */
  endpoint: string;
  close(): Promise<void>;
};

const loopback = '127.0.0.1';

/** An SQS, in memory. */
export async function startSqsEmulator(): Promise<Emulator> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: loopback });
  return { endpoint, close: async () => await app.close() };
}

/** A DynamoDB: in memory, or in `<dataDir>/dynamodb`, as version 0.1.0 kept its state. */
export async function startDynamodbEmulator(dataDir: string | undefined): Promise<Emulator> {
  const server = dynalite({
    createTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }),
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  return {
    endpoint: `http://${loopback}:${portOf(server)}`,
    // dynalite calls back when its files are closed too, which is after the event `close`.
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
