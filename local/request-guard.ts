import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Whether a request is meant for this machine. A web site whose name somebody lets point to 127.0.0.1 (DNS rebinding) has
 * its own name in `Host`.
 */
export const isForUs = ({ headers: { host }, socket }: IncomingMessage): boolean =>
  ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${socket.localPort}`);

/** Whether a page in a browser may have sent it: programs name no origin, and pages cannot leave theirs out of a POST. */
export const isFromPage = ({ headers }: IncomingMessage): boolean => headers.origin !== undefined;

/** A key for as long as a process runs: 32 random bytes, in hexadecimal digits. */
export const newKey = (): string => randomBytes(32).toString('hex');

/** Tells a key from others. How long it takes says nothing of the key. */
export function keyCheck(key: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const right = digest(key);
  return (given) => timingSafeEqual(digest(given), right);
}
