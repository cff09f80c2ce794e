import { pollJob } from '../lib/jobs/poll-job.ts';
import { recoverJob } from '../lib/jobs/recover-job.ts';
import type { PollRequest } from '../lib/sync/detect/poll-clavus.ts';
import type { Item } from '../local/dynamodb/expressions.ts';
import type { Chance } from './chance.ts';
import { startDecisions } from './decisions.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Lambda } from './lambda.ts';
import { timeoutMs } from './plan.ts';
import type { Remains } from './remains.ts';
import { newerAttribute } from './row-watch.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const actsMax = 3;
/** A request in flight when everything is stopped has reached Moovago, or the table, by then, in milliseconds. */
const flightMs = 5_500;

/** The hands of operators, now and then. */
export function startOperators(world: World, lambda: Lambda, remains: Remains): void {
  const { plan, scheduler, chance } = world;
  const { items, queue, clavus } = remains;

  /** Does something at moments of its own while faults strike. */
  function act(kind: FaultKind, run: (draw: Chance) => void, times = actsMax): void {
    for (let nth = 0; nth < times; nth++) {
      const draw = chance.of(kind).of(nth);
      const at = plan.startsAt + draw.number('at') * (plan.quietAt - plan.startsAt);
      scheduler.at(at, () => {
        if (world.strikes(kind, draw)) run(draw);
      });
    }
  }

  const poll = (request: PollRequest) =>
    lambda.invoke('poll', (app, deadline) => pollJob(request, deadline, app));

  function pollNamed(draw: Chance): void {
    const known = [...clavus.folders.keys(), 'f99c99'];
    const folderIds = known.filter((_, index) => draw.of(index).hits('named', 0.4));
    const again = draw.hits('again', 0.5);
    if (again) world.count('retried', folderIds.length);
    poll({ folderIds, again });
  }

  /** Rows that a newer version of the code wrote: an attribute more. */
  function writeNewerRows(draw: Chance): void {
    for (const [index, [key, row]] of items.list().entries())
      if (key.startsWith('FOLDER#') && draw.of(index).hits('newer', 0.5))
        items.put(key, {
          ...row,
          [newerAttribute]: true,
          revision: Number(row.revision) + 1,
          writeId: 'newer',
        });
  }

  act('queue-purged', queue.purge, 1);
  act('message-unreadable', () => queue.inject('{"folder'), 1);
  act('dead-letters-moved-back', queue.redrive);
  act('poll-named', pollNamed);
  act('poll-taken-over', () => poll({ takeOver: true }));
  act('row-of-newer-code', writeNewerRows);
  act('person-decides', startDecisions(world, lambda, remains));
  scheduler.every(30 * minuteMs, plan.startsAt + 30 * minuteMs, queue.redrive);
  watchPilot(world, remains);
  watchRemovals(world, remains);
  startRestorations(world, lambda, remains);
}

/** What reps do, or an older table, can make a company differ from what its row says was sent. */
const excusesOfPilot = [
  'rep-edits',
  'rep-erases-marker',
  'rep-deletes',
  'rep-tidies',
  'table-rewound',
  'table-lost',
] as const;

/** Looks at a pilot that stopped: nobody's doing is a mistake of ours, else it is called off. */
function watchPilot(world: World, { items }: Remains): void {
  const { plan, scheduler } = world;
  scheduler.every(10 * minuteMs, plan.startsAt, () => {
    const key = 'PILOT\u0000moovago';
    const pilot = items.get(key);
    if (pilot?.stopped === undefined || pilot.skipped === true) return;
    if (!excusesOfPilot.some((kind) => plan.faults.has(kind)))
      world.fail('pilot', `it stopped: ${JSON.stringify(pilot.stopped)}`);
    items.put(key, { ...pilot, skipped: true });
  });
}

/** Whatever is gone from Clavus, somebody meant it. */
function watchRemovals(world: World, { items }: Remains): void {
  const { plan, scheduler } = world;
  scheduler.every(30 * minuteMs, plan.startsAt, () => {
    const held = items.get('REMOVALS\u0000held');
    const key = 'REMOVALS\u0000approved';
    // More may be held than was approved.
    if (held === undefined || Number(items.get(key)?.folders ?? 0) >= Number(held.folders)) return;
    world.count('removals approved');
    items.put(key, { pk: 'REMOVALS', sk: 'approved', folders: held.folders });
  });
}

/**
 * A table that is empty all of a sudden, and one that returns to an older point, with what an operator owes them:
 * everything stands still until no request is in flight, and after a return to an older point they say so (`recover`).
 */
function startRestorations(
  world: World,
  lambda: Lambda,
  { items, clavus, companies, ledger }: Remains,
): void {
  const { plan, scheduler, chance } = world;
  // Where companies cannot be recognised, nothing but the table knows them.
  if (!plan.isRecognisable) return;
  const moment = (draw: Chance, from: number) => from + draw.number('at') * (plan.quietAt - from);
  const restMs = plan.lateMs + plan.listLagMs + 2 * flightMs;

  function replace(before: ReadonlyMap<string, Item>, then: () => void = () => {}): void {
    lambda.stopFor(restMs);
    // What was on its way to the old table is there by now.
    scheduler.at(world.now() + flightMs, () => {
      world.trace('the table is another one');
      items.replace(before);
      ledger.forgetTrouble();
      for (const one of companies.live()) one.isUnrecognisable ||= one.hasLostMarker;
      then();
    });
  }

  /** Says so, until that has been done: only then does anything run again. */
  function recover(): void {
    lambda.stopFor(timeoutMs.poll);
    lambda.byHand(
      (app) => recoverJob(app, true),
      ({ kind }) => {
        if (kind !== 'returned') return scheduler.at(world.now() + 1_000, recover);
        world.count('recovered');
        lambda.stopFor(restMs);
        scheduler.at(world.now() + restMs, watchSentAgain);
      },
    );
  }

  /** The next polls send everything again: until one of them has read all folders. */
  function watchSentAgain(): void {
    lambda.invoke(
      'poll',
      (app, deadline) => pollJob({ full: true }, deadline, app),
      (ending) => {
        // A Clavus without a folder is never believed.
        const hasReadAll = ending.kind === 'returned' && Object(ending.value).state === 'complete';
        if (hasReadAll || clavus.folders.size === 0) return ledger.setRewound(false);
        scheduler.at(world.now() + 2 * minuteMs, watchSentAgain);
      },
    );
  }

  const loss = chance.of('table-lost');
  scheduler.at(moment(loss, plan.startsAt), () => {
    if (world.strikes('table-lost', loss)) replace(new Map());
  });

  const rewind = chance.of('table-rewound');
  scheduler.at(moment(rewind.of('from'), plan.startsAt), () => {
    const before = new Map(items.snapshot());
    scheduler.at(moment(rewind, world.now()), () => {
      if (!world.strikes('table-rewound', rewind)) return;
      replace(before, () => {
        ledger.setRewound(true);
        recover();
      });
    });
  });
}
