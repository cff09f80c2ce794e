import type { IncomingMessage } from 'node:http';

/**
 * Whether a request is meant for this machine. A web site whose name somebody lets point to 127.0.0.1 (DNS rebinding) has
 * its own name in `Host`.
 */
export const isForUs = ({ headers: { host }, socket }: IncomingMessage): boolean =>
  ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${socket.localPort}`);

/** Whether a page in a browser may have sent it: programs name no origin, and pages cannot leave theirs out of a POST. */
export const isFromPage = ({ headers }: IncomingMessage): boolean => headers.origin !== undefined;
