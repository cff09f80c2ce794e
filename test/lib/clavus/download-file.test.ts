import { afterAll, describe, expect, it } from 'vitest';
import { createClavusClient } from '../../../lib/clavus/client.ts';
import { canaryKey, safeFailure as failure } from '../../support/errors.ts';
import { type ScriptedAnswer, startGraphqlServer } from '../../support/graphql-server.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());

function clavus(...answers: ScriptedAnswer[]) {
  server.answers(...answers);
  return createClavusClient({ url: server.url, key: async () => canaryKey });
}

describe('downloadFile', () => {
  it('gives the link, asked for at the same host with the same key', async () => {
    const s3Url = 'https://bucket.s3.eu-west-3.amazonaws.com/f?X-Amz-Signature=abc';
    const client = clavus({ json: { status: 'success', data: { s3Url } } });
    expect(await client.downloadFile('file1')).toEqual({ url: s3Url });
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/api/downloadFile',
        headers: expect.objectContaining({
          authorization: `Bearer ${canaryKey}`,
          'content-type': 'application/json',
        }),
        body: { fileId: 'file1' },
      },
    ]);
  });

  it.each([400, 404])('is rejected with the reason that the guide documents (%i)', async (status) => {
    const answer = { status, json: { status: 'error', message: `no file\nfor ${canaryKey}` } };
    expect(await failure(clavus(answer).downloadFile('file1'))).toEqual({
      kind: 'Rejected',
      message: `Clavus refused downloadFile (${status})`,
      system: 'Clavus',
      reason: 'no file for …',
    });
  });

  it.each<[string, ScriptedAnswer, string]>([
    [
      'a key that is refused',
      { status: 401, json: { status: 'error', message: 'no' } },
      'ConfigurationError',
    ],
    ['an address where nothing is', { status: 404, body: '<h1>Not found</h1>' }, 'ConfigurationError'],
    ['trouble', { status: 500, json: { status: 'error', message: 'no' } }, 'TryLater'],
    ['another refusal', { status: 413, body: '' }, 'TryLater'],
    ['HTML', { body: '<html></html>' }, 'TryLater'],
    [
      'a link that is none',
      { json: { status: 'success', data: { s3Url: 'javascript:alert(1)' } } },
      'TryLater',
    ],
  ])('tells %s apart', async (_, answer, kind) => {
    expect((await failure(clavus(answer).downloadFile('file1'))).kind).toBe(kind);
  });
});
