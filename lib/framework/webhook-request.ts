import { Buffer } from 'node:buffer';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

const bytesMax = 256 * 1024;
const secretBytesMin = 24;
const secretsMax = 2;

/** The parts of an API Gateway request (payload 2.0) that the connector reads. */
export const httpRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
type HttpRequest = z.infer<typeof httpRequest>;

const hint = z.object({
  folderIds: z
    .array(z.string().regex(/^[\w-]{1,64}$/))
    .min(1)
    .max(100),
});

type Refusal = { status: 400 | 401 | 413 | 503; error: string };
type WebhookMessage = { id: string; folderIds: string[] };

/**
 * Accepts a request that is small enough, signed (Standard Webhooks) with one of our secrets, and names up to 100
 * folders. Nothing of a body is read before its signature is verified, and no refusal quotes it.
 * @param secret one secret, or two with a space between; without a usable one, every request is refused
 */
export function readWebhook(
  request: HttpRequest,
  secret: string | undefined,
): { message: WebhookMessage } | { refusal: Refusal } {
  const secrets = (secret ?? '').split(/\s+/).filter((one) => one !== '');
  const problem = problemOf(secrets);
  if (problem !== undefined)
    return refuse(503, `this endpoint is not set up: it has no usable secret (${problem})`);
  const webhooks = secrets.map((one) => new Webhook(keyOf(one), { format: 'raw' }));
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const declared = Number(headers['content-length'] ?? 0);
  const body = Buffer.from(request.body, request.isBase64Encoded ? 'base64' : 'utf8');
  if (declared > bytesMax || body.byteLength > bytesMax) return refuse(413, `more than ${bytesMax} bytes`);
  const id = headers['webhook-id'] ?? '';
  const isSigned = id.length <= 256 && webhooks.some((webhook) => verifies(webhook, body, headers));
  if (!isSigned)
    return refuse(
      401,
      'no good signature: webhook-id, webhook-timestamp (within 5 minutes), webhook-signature',
    );
  const parsed = hint.safeParse(jsonOf(body));
  if (!parsed.success) return refuse(400, 'the body is not {"folderIds": [1 to 100 folder ids]}');
  return { message: { id, folderIds: [...new Set(parsed.data.folderIds)] } };
}

const refuse = (status: Refusal['status'], error: string) => ({ refusal: { status, error } });

const base64Of = (secret: string) => secret.replace(/^whsec_/, '');
const keyOf = (secret: string) => Buffer.from(base64Of(secret), 'base64');
/** `Buffer` skips what is not base64: what is left of a pass phrase is a weaker key than it seems, and not the sender's. */
const isBase64 = (secret: string) =>
  keyOf(secret).toString('base64').replace(/=+$/, '') === base64Of(secret).replace(/=+$/, '');

/** What is wrong with the secrets: one bad secret makes the endpoint weak. */
function problemOf(secrets: readonly string[]): string | undefined {
  if (secrets.length === 0) return 'there is none';
  if (secrets.length > secretsMax) return `there are more than ${secretsMax}`;
  if (!secrets.every(isBase64)) return 'it is not base64';
  const isShort = secrets.some((secret) => keyOf(secret).byteLength < secretBytesMin);
  return isShort ? `it has fewer than ${secretBytesMin} bytes` : undefined;
}

function verifies(webhook: Webhook, body: Buffer, headers: Record<string, string>): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
