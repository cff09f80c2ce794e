import { expect, it } from 'vitest';
import { createScheduler } from '../../simulation/scheduler.ts';

it('runs events in the order of their moments, and those of one moment as they came', async () => {
  const scheduler = createScheduler(100);
  const ran: string[] = [];
  for (const [at, name] of [
    [300, 'c'],
    [200, 'a'],
    [200, 'b'],
    [50, 'past'],
    [400, 'd'],
  ] as const)
    scheduler.at(at, () => ran.push(`${name} at ${scheduler.now()}`));
  await scheduler.run(() => ran.length === 4);
  expect(ran).toEqual(['past at 100', 'a at 200', 'b at 200', 'c at 300']);
});

it('lets every chain of promises come to its end before time passes', async () => {
  const scheduler = createScheduler(0);
  const ran: string[] = [];
  scheduler.at(1, () => {
    const chain = async () => {
      for (let step = 0; step < 50; step++) await Promise.resolve();
      ran.push(`chain at ${scheduler.now()}`);
    };
    chain().catch(() => {});
  });
  scheduler.at(2, () => ran.push('next'));
  await scheduler.run(() => false);
  expect(ran).toEqual(['chain at 1', 'next']);
});
