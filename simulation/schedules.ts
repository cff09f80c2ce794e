import type { App } from '../lib/jobs/app.ts';
import { feedJob } from '../lib/jobs/feed-job.ts';
import { pollJob } from '../lib/jobs/poll-job.ts';
import { prospectsJob } from '../lib/jobs/prospects-job.ts';
import { reconcileJob } from '../lib/jobs/reconcile-job.ts';
import { refreshJob } from '../lib/jobs/refresh-job.ts';
import type { Chance } from './chance.ts';
import type { Lambda } from './lambda.ts';
import type { Remains } from './remains.ts';
import { watchPolls } from './silence.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
/** Lambda tries again what was invoked without anybody waiting for it. */
const retriesMax = 2;

type Scheduled = 'refresh' | 'poll' | 'feed' | 'reconcile';

/** EventBridge's schedules of serverless.yml. */
export function startSchedules(world: World, lambda: Lambda, remains: Remains): void {
  const { plan, scheduler, chance } = world;
  const polls = watchPolls(world, remains);

  /** Polls stop a minute before they are killed. Once it is quiet, a scan of some pages ends within the run. */
  const hasty = ({ clock }: App) => clock.now() + minuteMs + (world.isQuiet() ? 5_000 : 1_000);

  function run(name: Scheduled, draw: Chance, retries = 0): void {
    const again = name === 'feed' && !world.isQuiet() && draw.hits('again', 0.02);
    const jobs = {
      refresh: async (app: App, deadline: number) => {
        const { read } = await refreshJob(app);
        await prospectsJob(read, [], deadline, app);
      },
      poll: async (app: App, deadline: number) => {
        polls.begins();
        const report = await pollJob({}, plan.isHasty ? hasty(app) : deadline, app);
        polls.ended(report);
        if (report.state === 'continues') world.count('scan left for the next poll');
      },
      feed: feedJob.bind(undefined, again ? { again } : {}),
      reconcile: reconcileJob,
    };
    lambda.invoke(name, jobs[name], ({ kind }) => {
      if (kind === 'returned' || retries >= retriesMax) return;
      scheduler.at(world.now() + (retries + 1) * minuteMs, () => run(name, draw, retries + 1));
    });
  }

  function tick(name: Scheduled, everyMs: number, nth: number): void {
    // What it has to repair was done by then.
    if (name === 'reconcile' && world.isQuiet()) return;
    const draw = chance.of(name).of(nth);
    scheduler.at(world.now() + everyMs * world.slowness(), () => tick(name, everyMs, nth + 1));
    if (world.strikes('tick-skipped', draw)) return;
    const late = world.strikes('tick-late', draw) ? draw.between('late', 1, 90) * 1_000 : 0;
    scheduler.at(world.now() + late, () => run(name, draw));
    if (world.strikes('tick-twice', draw))
      scheduler.at(world.now() + late + draw.between('twice', 0, 2_000), () => run(name, draw.of('twice')));
  }

  const phase = (name: string, withinMs: number) =>
    plan.startsAt + Math.floor(chance.number(`phase ${name}`) * withinMs);
  scheduler.at(phase('refresh', minuteMs), () => tick('refresh', plan.refreshEveryMs, 1));
  scheduler.at(phase('poll', minuteMs), () => tick('poll', plan.pollEveryMs, 1));
  scheduler.at(phase('feed', minuteMs), () => tick('feed', minuteMs, 1));
  const { reconcileEveryMs, isCalm } = plan;
  if (reconcileEveryMs > 0 && !isCalm)
    scheduler.at(phase('reconcile', reconcileEveryMs), () => tick('reconcile', reconcileEveryMs, 1));
}
