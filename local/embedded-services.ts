import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { lockDataDir } from './data-dir-lock.ts';

export type EmbeddedSqs = {
  /** An address that begins with `http://127.0.0.1:`. */
  endpoint: string;
  close(): Promise<void>;
};

export type EmbeddedDynamodb = {
  endpoint: string;
  /** Whether the last process that had the directory ended in the middle of something: its indexes then want a repair. */
  wasInterrupted: boolean;
  /** `interrupted`: somebody was cut off in the middle of something. */
  close(interrupted?: boolean): Promise<void>;
};

const loopback = '127.0.0.1';

/** An SQS in this process, in memory. */
export async function startEmbeddedSqs(): Promise<EmbeddedSqs> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: loopback });
  return { endpoint, close: async () => await app.close() };
}

/** A DynamoDB in this process: in memory, or in `<dataDir>/dynamodb`, where everything that it confirmed outlives a kill. */
export async function startEmbeddedDynamodb(dataDir: string | undefined): Promise<EmbeddedDynamodb> {
  const lock = dataDir === undefined ? undefined : lockDataDir(dataDir);
  const server = dynalite({
    createTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }),
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  return {
    endpoint: `http://${loopback}:${portOf(server)}`,
    wasInterrupted: lock?.wasInterrupted ?? false,
    async close(interrupted = false) {
      // dynalite calls back when its files are closed too, which is after the event `close`.
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
      lock?.release(interrupted);
    },
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
