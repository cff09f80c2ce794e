import { Buffer } from 'node:buffer';
import { Webhook } from 'standardwebhooks';
import { webhookJob } from '../lib/jobs/webhook-job.ts';
import type { Lambda } from './lambda.ts';
import type { FakeClavus } from './services/fake-clavus.ts';
import type { World } from './world.ts';

const key = Buffer.alloc(32, 'simulated');
export const webhookSecret = key.toString('base64');

const lateMaxMs = 30_000;

/** Clavus says which folders changed: mostly, late, now and then twice, and also of folders that are none. */
export function startWebhooks(world: World, lambda: Lambda, clavus: FakeClavus): void {
  const { plan, scheduler, chance } = world;
  if (!plan.hasWebhook) return;
  const webhook = new Webhook(key, { format: 'raw' });
  let said = 0;

  function say(id: string, folderIds: readonly string[]): void {
    const body = JSON.stringify({ folderIds });
    // The signature is checked by the true time, and leaves no trace.
    const signedAt = new Date();
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, signedAt, body),
    };
    lambda.invoke('webhook', async (app) => {
      const { statusCode } = await webhookJob({ headers, body, isBase64Encoded: false }, app);
      world.count(`webhook ${statusCode}`);
    });
  }

  clavus.onChange((folderId) => {
    const draw = chance.of('webhook').of(++said);
    if (!draw.hits('said', 0.8)) return;
    const folderIds = draw.hits('unknown', 0.1) ? [folderId, 'f99c99'] : [folderId];
    const times = draw.hits('twice', 0.2) ? [1, 2] : [1];
    for (const nth of times)
      scheduler.at(world.now() + draw.of(nth).between('late', 0, lateMaxMs), () =>
        say(`m${said}`, folderIds),
      );
  });
}
