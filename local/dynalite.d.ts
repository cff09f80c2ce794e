declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB in this process, not yet listening. Without `path` it lives in memory. */
  export default function dynalite(options: { createTableMs: number; path?: string }): Server;
}
