import type { IncomingMessage } from 'node:http';

/** Nothing from elsewhere, nothing to elsewhere, in nobody's frame, kept nowhere. */
export const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Whether our own page sends it: another one may send what it likes to this address, but not in the name of this origin. */
export const isFromOurPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin === `http://${headers.host}` &&
  ['same-origin', undefined].some((site) => site === headers['sec-fetch-site']) &&
  headers['content-type'] === 'application/json';
