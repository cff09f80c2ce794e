import { expect, it } from 'vitest';
import { findingsOfError } from '../../../lib/check/findings-of-error.ts';
import { TryLater } from '../../../lib/framework/errors.ts';

const unreached = (code: string) =>
  findingsOfError(
    new TryLater(`Clavus could not be reached at h (${code})`, {
      system: 'Clavus',
      applied: 'no',
      unreached: true,
    }),
  ).map(({ cure }) => cure);

it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  'a certificate of the own network is cured by its authority: %s',
  (code) => {
    expect(unreached(code)).toEqual([
      'If your network signs certificates itself, set NODE_EXTRA_CA_CERTS to the file of its authority.',
    ]);
  },
);

it.each(['ENOTFOUND', 'CERT_HAS_EXPIRED'])('an unreachable address may stand behind a proxy: %s', (code) => {
  expect(unreached(code)).toEqual([
    'Check the address, and whether this machine may connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.',
  ]);
});
