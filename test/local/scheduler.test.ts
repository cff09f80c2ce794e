import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startScheduler } from '../../local/scheduler.ts';

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-10-24T20:00:00Z') }));
afterEach(() => vi.useRealTimers());

/** The times at which a schedule runs within some hours, to the second. */
async function runsOf(expression: string, timezone: string, hours: number): Promise<string[]> {
  const runs: string[] = [];
  const scheduler = startScheduler([
    { expression, timezone, run: async () => void runs.push(new Date().toISOString().slice(0, 19)) },
  ]);
  await vi.advanceTimersByTimeAsync(hours * 3_600_000);
  scheduler.stop();
  await vi.advanceTimersByTimeAsync(3_600_000);
  return runs;
}

describe('a schedule', () => {
  it('of a rate begins at once and keeps its distance', async () => {
    expect(await runsOf('rate(15 minutes)', 'Europe/Paris', 0.9)).toEqual([
      '2026-10-24T20:00:01',
      '2026-10-24T20:15:01',
      '2026-10-24T20:30:01',
      '2026-10-24T20:45:01',
    ]);
    expect(await runsOf('rate(1 hour)', 'UTC', 2)).toHaveLength(2);
    expect(await runsOf('rate(1 day)', 'UTC', 25)).toHaveLength(2);
  });

  it('of a cron expression runs by the clock of its time zone, on both sides of the end of summer time', async () => {
    expect(await runsOf('cron(30 18 * * ? *)', 'Europe/Paris', 48)).toEqual([
      '2026-10-25T17:30:00',
      '2026-10-26T17:30:00',
    ]);
    expect(await runsOf('cron(0 8 ? * * *)', 'Europe/Paris', 3)).toEqual([]);
  });

  it('of a nightly job runs once in the night that has ten past two twice', async () => {
    expect(await runsOf('cron(10 2 * * ? *)', 'Europe/Paris', 48)).toEqual([
      '2026-10-25T00:10:00',
      '2026-10-26T01:10:00',
    ]);
  });

  it('counts the days of the week from Sunday, which is 1', async () => {
    expect(await runsOf('cron(0 6 ? * 2 *)', 'UTC', 48)).toEqual(['2026-10-26T06:00:00']);
  });

  it('counts steps from where they begin', async () => {
    expect(await runsOf('cron(10/20 21 * * ? *)', 'UTC', 24)).toEqual([
      '2026-10-24T21:10:00',
      '2026-10-24T21:30:00',
      '2026-10-24T21:50:00',
    ]);
  });

  it('does not run beside itself', async () => {
    let running = 0;
    let peak = 0;
    const scheduler = startScheduler([
      {
        expression: 'rate(1 minute)',
        timezone: 'UTC',
        async run() {
          running += 1;
          peak = Math.max(peak, running);
          await new Promise((resolve) => setTimeout(resolve, 150_000));
          running -= 1;
        },
      },
    ]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    scheduler.stop();
    expect(peak).toBe(1);
  });

  it.each(['cron(61 * * * ? *)', 'cron(* * * * ?)', 'rate(5 parsecs)', 'at(2026-01-01T00:00:00)'])(
    'that nobody understands is named: %s',
    (expression) => {
      const schedule = { expression, timezone: 'UTC', run: async () => {} };
      expect(() => startScheduler([schedule])).toThrow(
        `serverless.yml, ${expression}: this is not a schedule in UTC`,
      );
    },
  );

  it('in a time zone that does not exist is named', () => {
    const schedule = { expression: 'cron(0 8 * * ? *)', timezone: 'Europe/Lutetia', run: async () => {} };
    expect(() => startScheduler([schedule])).toThrow('this is not a schedule in Europe/Lutetia');
  });
});
