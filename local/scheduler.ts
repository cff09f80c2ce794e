import { Cron } from 'croner';
import { ConfigurationError } from '../lib/framework/errors.ts';

export type ScheduledRun = {
  /** `rate(n minutes)` or `cron(minutes hours day-of-month month day-of-week year)`. */
  expression: string;
  /** IANA name. A rate knows no time zone. */
  timezone: string;
  /** Must not reject. */
  run(): Promise<void>;
};

export type Scheduler = {
  /** Begins nothing more; what runs goes on. */
  stop(): void;
};

const secondsOf = { minute: 60, hour: 3600, day: 86_400 };

/**
 * Runs things when EventBridge Scheduler would. A rate begins at once (within two seconds), as there. A run is skipped while the last one of the
 * same schedule is not done; AWS would let them overlap.
 */
export function startScheduler(schedules: ScheduledRun[]): Scheduler {
  const jobs = schedules.map((schedule) => startJob(schedule));
  return {
    stop() {
      for (const job of jobs) job.stop();
    },
  };
}

function startJob({ expression, timezone, run }: ScheduledRun): Cron {
  const rate = rateSeconds(expression);
  if (rate !== undefined) {
    // croner counts from `startAt`, in whole seconds, and skips one that has just passed.
    const startAt = new Date(Date.now() + 1000).toISOString();
    return new Cron('* * * * * *', { interval: rate, startAt, protect: true }, run);
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1];
  try {
    // AWS counts days of the week from 1, Sunday, as Quartz does, and has the year but no seconds; `0/5` is every 5 from 0.
    const dialect = { mode: '7-part', alternativeWeekdays: true, sloppyRanges: true } as const;
    return new Cron(`0 ${fields}`, { ...dialect, timezone, protect: true }, run);
  } catch (cause) {
    throw new ConfigurationError(`serverless.yml, ${expression}`, `this is not a schedule in ${timezone}`, {
      cause,
    });
  }
}

function rateSeconds(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || (unit !== 'minute' && unit !== 'hour' && unit !== 'day')) return undefined;
  return Number(count) * secondsOf[unit];
}
