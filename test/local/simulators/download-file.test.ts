import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClavusSimulator,
  type ClavusSimulatorOptions,
  startClavusSimulator,
} from '../../../local/simulators/clavus.ts';
import { post, withKey } from './ask.ts';
import { guideTenant } from './guide-tenant.ts';

let clavus: ClavusSimulator;
afterEach(() => clavus.close());

async function start(options: Partial<ClavusSimulatorOptions> = {}): Promise<void> {
  clavus = await startClavusSimulator({ key: 'k', tenant: guideTenant, now: () => 5000, ...options });
}

describe('Downloading files from the simulated Clavus', () => {
  const download = (headers: Record<string, string>, body: unknown) =>
    post(clavus.url.replace('/api/external/graphql', '/api/downloadFile'), headers, body);

  it('gives a link to a file that there is', async () => {
    await start();
    clavus.files.add('f1');
    const response = await download(withKey, { fileId: 'f1' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'success',
      data: { s3Url: 'https://files.invalid/f1?X-Amz-Expires=900' },
    });
    expect(clavus.requests).toMatchObject([
      { operation: 'downloadFile', args: { fileId: 'f1' }, status: 200 },
    ]);
  });

  it.each([
    [400, withKey, {}],
    [401, {}, { fileId: 'f1' }],
    [404, withKey, { fileId: 'f1' }],
  ])('answers %i with a message', async (status, headers, body) => {
    await start();
    const response = await download(headers as Record<string, string>, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ status: 'error', message: expect.any(String) });
  });

  it('answers 500 when ordered', async () => {
    await start();
    clavus.faults.order({ kind: 'status', status: 500 });
    const response = await download(withKey, { fileId: 'f1' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ status: 'error', message: 'HTTP 500' });
  });
});
