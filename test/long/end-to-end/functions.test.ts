import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startDemoWorld } from '../../../local/demo/demo-world.ts';
import { startEmbeddedStack } from '../../../local/embedded-stack.ts';
import { packagedBundles } from '../../support/packaged-bundles.ts';

let folder = '';

beforeAll(async () => {
  ({ folder } = await packagedBundles());
});

/** The stack of serverless.yml with its functions pointed at simulated systems of 40 folders. */
async function stackWith(how: { bundles?: string; isolated?: boolean }) {
  const world = await startDemoWorld({ folders: 40, seed: 7 });
  const errors: string[] = [];
  const stack = await startEmbeddedStack({
    stage: 'test',
    ...how,
    environment: {
      ...world.environment,
      SYNC_CONFIG_FILE: join(process.cwd(), 'local/demo/sync.config.ts'),
      IGNORE_BUSINESS_HOURS: '1',
    },
    onLog: (_, line) => {
      if (line.includes('"ERROR"')) errors.push(line);
    },
  });
  onTestFinished(async () => {
    await stack.close();
    await world.close();
  });
  return { world, stack, errors };
}

describe.each([
  ['in this process', () => ({})],
  ['each in a thread of its own', () => ({ isolated: true })],
  ['from the packages that would be uploaded', () => ({ bundles: folder })],
])('the functions of serverless.yml, %s', (_, how) => {
  it('bring a first import and an edit from Clavus to Moovago, through the queue and the table', async () => {
    const { world, stack, errors } = await stackWith(how());
    const done = async () => {
      const { waiting, inFlight } = await stack.queueDepth();
      return waiting + inFlight === 0 && stack.idle();
    };
    /** On a busy machine. */
    const sendWhatMissedItsSlot = async () => {
      while (world.compare('test').lost > 0) {
        await stack.invoke('feedQueue', { again: true });
        await expect.poll(done).toBe(true);
      }
    };
    stack.startMappings();
    expect(await stack.invoke('refreshDirectory', {})).toEqual({ columns: 21, users: 8, members: 9 });
    expect(await stack.invoke('pollClavus', {})).toEqual({
      state: 'complete',
      scanned: 40,
      changed: 40,
      removed: 0,
      unchanged: 0,
      failed: 0,
      unreadable: 0,
    });
    await expect.poll(done).toBe(true);
    // The pilot comes first: three records, one by one.
    expect(world.moovago.companies.size).toBe(3);
    expect(await stack.invoke('feedQueue', {})).toEqual({ enqueued: 37 });
    await expect.poll(done).toBe(true);
    await sendWhatMissedItsSlot();
    expect(world.moovago.companies.size).toBe(40);
    expect(world.compare('test')).toEqual({ lost: 0, duplicates: 0 });

    world.edit(3);
    expect(await stack.invoke('pollClavus', {})).toMatchObject({ changed: 3, unchanged: 37 });
    await expect.poll(done).toBe(true);
    await sendWhatMissedItsSlot();
    expect(world.compare('test')).toEqual({ lost: 0, duplicates: 0 });
    expect(world.moovago.busiestSecond()).toBeLessThanOrEqual(5);

    expect(await stack.invoke('feedQueue', {})).toEqual({ enqueued: 0 });
    expect(errors).toEqual([]);
  });

  it('send back only the messages that nobody can read', async () => {
    const { stack } = await stackWith(how());
    const Records = [
      { messageId: 'm1', body: '{"folderId":"unknown-folder"}' },
      { messageId: 'm2', body: 'hello' },
    ];
    expect(await stack.invoke('writeMoovago', { Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }],
    });
  });
});
