import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpRequest, readWebhook } from '../../../lib/framework/webhook-request.ts';

const secretOf = (bytes: number, fill: number) => `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const secret = secretOf(24, 1);
const now = new Date('2026-11-24T10:00:00Z');

beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

const body = '{"folderIds":["f1","f2"]}';

/** A request as API Gateway hands it over, signed now. */
function signed(text: string, { at = now, by = secret, id = 'msg_1' } = {}) {
  return httpRequest.parse({
    version: '2.0',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(by).sign(id, at, text),
    },
    body: text,
  });
}

const statusOf = (answer: ReturnType<typeof readWebhook>) =>
  'refusal' in answer ? answer.refusal.status : 'taken';

describe('a webhook', () => {
  it('that is signed names its message and its folders, each once', () => {
    const request = signed('{"type":"folders.changed","folderIds":["f1","f2","f1"]}');
    expect(readWebhook(request, secret)).toEqual({ message: { id: 'msg_1', folderIds: ['f1', 'f2'] } });
  });

  it('may come in base64', () => {
    const request = signed(body);
    const coded = { ...request, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
    expect(statusOf(readWebhook(coded, secret))).toBe('taken');
  });

  it('is told from a copy in which a single bit of the body, the id, the time or the signature differs', () => {
    const request = signed(body);
    const parts = ['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
    const flip = (text: string, at: number, bit: number) => {
      const bytes = Buffer.from(text);
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      return bytes;
    };
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat(7), (part, at, bit) => {
        const changed =
          part === 'body'
            ? { ...request, body: flip(body, at, bit).toString('base64'), isBase64Encoded: true }
            : {
                ...request,
                headers: {
                  ...request.headers,
                  [part]: flip(request.headers[part] ?? '', at, bit).toString('latin1'),
                },
              };
        expect(statusOf(readWebhook(changed, secret))).toBe(401);
      }),
      { numRuns: 2000 },
    );
  });

  it('is good for five minutes before and after its time', () => {
    const at = (seconds: number) => signed(body, { at: new Date(now.getTime() + seconds * 1000) });
    expect([-301, -300, 300, 301].map((seconds) => statusOf(readWebhook(at(seconds), secret)))).toEqual([
      401,
      'taken',
      'taken',
      401,
    ]);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is refused', (name) => {
    const request = signed(body);
    const { [name]: _, ...headers } = request.headers;
    expect(statusOf(readWebhook({ ...request, headers }, secret))).toBe(401);
  });

  it('with headers in capitals is as good', () => {
    const request = signed(body);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(statusOf(readWebhook({ ...request, headers }, secret))).toBe('taken');
  });

  it('may be signed with either of two secrets, while one takes the place of the other', () => {
    const [old, young, other] = [secretOf(24, 2), secretOf(32, 3), secretOf(24, 4)];
    const by = (key: string) => statusOf(readWebhook(signed(body, { by: key }), `${young} ${old}`));
    expect([by(old), by(young), by(other)]).toEqual(['taken', 'taken', 401]);
  });

  it.each([
    ['none', undefined, 'there is none'],
    ['an empty one', ' ', 'there is none'],
    ['one of 23 bytes', secretOf(23, 1), 'it has fewer than 24 bytes'],
    ['a short one beside a good one', `${secret} ${secretOf(8, 1)}`, 'it has fewer than 24 bytes'],
    ['three', [1, 2, 3].map((fill) => secretOf(24, fill)).join(' '), 'there are more than 2'],
    ['a pass phrase', 'whsec_this-is_my-pass-phrase.and.it-is-long', 'it is not base64'],
    ['base64 with a letter too many', `${secret}A`, 'it is not base64'],
    ['base64 for addresses', 'whsec_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_', 'it is not base64'],
  ])('is refused, whatever its signature, where the secret is %s', (_, wrong, why) => {
    expect(readWebhook(signed(body), wrong)).toEqual({
      refusal: { status: 503, error: `this endpoint is not set up: it has no usable secret (${why})` },
    });
  });

  it('is taken where the secret comes without its padding', () => {
    const padded = secretOf(32, 1);
    expect(statusOf(readWebhook(signed(body, { by: padded }), padded.replace(/=+$/, '')))).toBe('taken');
  });

  it.each([
    ['is no JSON', 'folders'],
    ['is empty', ''],
    ['names no folder', '{"folderIds":[]}'],
    ['names 101 folders', JSON.stringify({ folderIds: Array.from({ length: 101 }, (_, n) => `f${n}`) })],
    ['names a folder by what is no id', '{"folderIds":["f1 OR 1=1"]}'],
    ['names a folder by a number', '{"folderIds":[1]}'],
    ['is a list', '["f1"]'],
  ])('whose body %s is refused, and nothing of it is in the refusal', (_, text) => {
    const answer = readWebhook(signed(text), secret);
    expect(answer).toEqual({
      refusal: { status: 400, error: 'the body is not {"folderIds": [1 to 100 folder ids]}' },
    });
  });

  it('of more than 256 kB is refused before its signature is looked at, as declared or as it is', () => {
    const request = signed(body);
    const declared = { ...request, headers: { ...request.headers, 'content-length': '262145' } };
    const real = { ...request, body: 'x'.repeat(262_145) };
    const coded = { ...request, body: Buffer.alloc(262_145).toString('base64'), isBase64Encoded: true };
    const fits = { ...request, body: 'x'.repeat(262_144) };
    expect([declared, real, coded, fits].map((one) => statusOf(readWebhook(one, secret)))).toEqual([
      413, 413, 413, 401,
    ]);
  });

  it('of which AWS says nothing at all is refused', () => {
    expect(statusOf(readWebhook(httpRequest.parse({ version: '2.0' }), secret))).toBe(401);
  });
});
