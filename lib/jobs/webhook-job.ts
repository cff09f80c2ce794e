import type * as z from 'zod';
import { attempt } from '../framework/attempt.ts';
import { type httpRequest, readWebhook } from '../framework/webhook-request.ts';
import type { Lane } from '../moovago/slot.ts';
import { announce } from '../sync/deliver/feed-queue.ts';
import { detectHinted } from '../sync/detect/detect-hinted.ts';
import type { App } from './app.ts';
import { createReading } from './folder-mapper.ts';
import { verifiedApp } from './verified-config.ts';

/** An answer as API Gateway expects it (payload 2.0). */
type HttpAnswer = { statusCode: number; headers: Record<string, string>; body: string };

const answer = (statusCode: number, body: object, headers: Record<string, string> = {}): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/**
 * A sender reports that folders changed. That is only a hint: the connector reads the change in Clavus. The hint is
 * stored first, so that the next poll follows it up even if this read fails.
 */
export async function webhookJob(request: z.infer<typeof httpRequest>, app: App): Promise<HttpAnswer> {
  const { clock, config, hints, telemetry, webhookMessages, webhookSecret } = app;
  const { log } = telemetry;
  const read = readWebhook(request, await webhookSecret());
  if ('refusal' in read) {
    const { status, error } = read.refusal;
    log.warn('webhook-refused', { status, reason: error });
    telemetry.count('WebhooksRefused');
    return answer(status, { error });
  }
  const { id, folderIds } = read.message;
  const now = clock.now();
  // Its hints were stored before it was remembered: a message that is sent a thousand times adds no more of them.
  if (await webhookMessages.isKnown(id, now)) return answer(200, { status: 'known' });
  const kept = await hints.add(folderIds, now);
  if (kept === undefined) {
    log.warn('webhook-refused', { status: 429, reason: 'too many hints wait for a poll' });
    telemetry.count('WebhooksRefused');
    return answer(429, { error: 'too many changes at once: try again later' }, { 'retry-after': '300' });
  }
  if (!(await webhookMessages.isNew(id, now))) return answer(200, { status: 'known' });
  // Many small hints together are bulk, too.
  const lane = kept > config.pace.bulkAbove ? 'bulk' : 'live';
  const outcome = await attempt(readHinted(folderIds, lane, app));
  if (outcome.ok) log.info('webhook-taken', { folders: folderIds.length, changed: outcome.value, lane });
  else log.warn('webhook-left-to-poll', { folders: folderIds.length, error: nameOf(outcome.error) });
  return answer(202, { status: 'taken', folders: folderIds.length });
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

/** @returns how many of the folders changed */
async function readHinted(folderIds: readonly string[], lane: Lane, configured: App): Promise<number> {
  const app = await verifiedApp(configured);
  const { clock, config, directory, newId, pace } = app;
  const known = await directory.read();
  // Before the first poll there is nothing to do: that poll reads everything.
  if (known === undefined) return 0;
  const due = await detectHinted(
    // Only Clavus can say which folders pass its filter.
    { folderIds, lane, knownOnly: config.clavus.filter.length > 0 },
    { ...app, reading: createReading(known, app) },
  );
  const now = clock.now();
  // What cannot be sent now waits for the feeder.
  if (lane === 'live' && (await pace.freeFrom()) <= now)
    await announce(
      due.flatMap(({ folderId, dueAt = 0 }) => (dueAt <= now ? [{ rowId: folderId, dueAt }] : [])),
      newId(),
      app,
    );
  return due.length;
}
