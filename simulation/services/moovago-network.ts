import { attempt } from '../../lib/framework/attempt.ts';
import { requestMs } from '../../lib/framework/time-budget.ts';
import { type Lane, SlotMissed } from '../../lib/moovago/slot.ts';
import type { Chance } from '../chance.ts';
import type { Answer, Environment, Reply } from '../environment.ts';
import type { World } from '../world.ts';
import type { Ledger } from './ledger.ts';
import type { Outages } from './outages.ts';
import type { Trouble } from './trouble.ts';

/** So late a request leaves without having asked for more time, at most, in milliseconds. */
const lateMaxMs = 120;
/** How unevenly the network delays requests, in milliseconds. */
const jitterMs = 15;

/** What the server does with a request that arrived, and when it is done. */
type Fate =
  | { kind: 'answers' | 'fails-after' | 'is-silent'; afterMs: number }
  | { kind: 'refuses' | 'is-down'; trouble: Trouble };

export type Request<Value> = {
  slot: { at: number; lane: Lane };
  what: 'read' | 'write';
  label: string;
  records: number;
  /** Takes effect, at its moment, and says what the answer will be. */
  apply(draw: Chance): Answer<Value>;
  /** How its sender sees the trouble. */
  fails(trouble: Trouble): Answer<Value>;
};

/** With the invocation that sent it. */
type Sent<Value> = Request<Value> & { sender: string };

export type MoovagoNetwork = ReturnType<typeof createMoovagoNetwork>;

/** The way of a request to Moovago's server and back, and all that can go wrong on it. */
export function createMoovagoNetwork(
  world: World,
  { ledger, outages }: { ledger: Ledger; outages: Outages },
) {
  const { plan, scheduler } = world;

  /** What keeps a request from having an effect. */
  function refusalOf(env: Environment, draw: Chance, isWrite: boolean): Fate | undefined {
    if (outages.moovagoIsDown()) {
      ledger.arrivedInVain();
      return { kind: 'is-down', trouble: { kind: 'failing', status: 503 } };
    }
    if (outages.moovagoRefusesKey()) return { kind: 'refuses', trouble: { kind: 'key' } };
    if (env.strikes('moovago-429', draw)) {
      const retryAfterMs = draw.pick('retry-after', [undefined, 1_000, 90_000, 300_000]);
      return { kind: 'refuses', trouble: { kind: 'too-many', retryAfterMs } };
    }
    const isTooLong = !isWrite && env.strikes('list-fails', draw);
    if (isTooLong || env.strikes('moovago-5xx-before', draw))
      return { kind: 'refuses', trouble: { kind: 'failing', status: 502 } };
    return undefined;
  }

  /** How long Moovago works on a request before it takes effect: a write no longer than it promises. */
  function workingMs(env: Environment, draw: Chance, isWrite: boolean): number {
    // The very end of what it may take is the case that hurts.
    if (isWrite && env.strikes('moovago-late', draw)) return draw.pick('late', [1, 0.5, 0.1]) * plan.lateMs;
    const slow = env.strikes('moovago-slow', draw) ? draw.pick('slow', [3_000, 15_000]) : plan.moovagoWorksMs;
    const afterMs = world.isQuiet() ? 60 : slow;
    return isWrite ? Math.min(afterMs, plan.lateMs) : afterMs;
  }

  function fateOf(env: Environment, draw: Chance, isWrite: boolean): Fate {
    const refusal = refusalOf(env, draw, isWrite);
    if (refusal !== undefined) return refusal;
    const afterMs = workingMs(env, draw, isWrite);
    if (env.strikes('moovago-5xx-after', draw)) return { kind: 'fails-after', afterMs };
    if (env.strikes('moovago-answer-lost', draw)) return { kind: 'is-silent', afterMs };
    return { kind: 'answers', afterMs };
  }

  function arrive<Value>(env: Environment, request: Sent<Value>, reply: Reply<Value>, draw: Chance): void {
    const { slot, what, label, records, sender } = request;
    world.trace(`moovago ${label} arrives, ${records} records, ${slot.lane}`);
    ledger.arrived(what, slot.lane, records);
    const fate = fateOf(env, draw, what === 'write');
    const answer = (given: Answer<Value>) =>
      scheduler.at(world.now() + (world.isQuiet() ? 20 : plan.moovagoMs), () => {
        if (fate.kind === 'is-down' && env.isAlive()) ledger.heardInVain();
        reply(given);
      });
    if ('trouble' in fate) {
      const { trouble } = fate;
      if (trouble.kind === 'too-many' && what === 'write')
        env.patience(sender, world.now(), trouble.retryAfterMs ?? 0);
      answer(request.fails(trouble));
      return;
    }
    scheduler.at(world.now() + fate.afterMs, () => {
      const applied = request.apply(draw);
      if (fate.kind === 'answers') answer(applied);
      if (fate.kind === 'fails-after') answer(request.fails({ kind: 'failing', status: 500 }));
    });
  }

  /** Waits until the request leaves. */
  async function ready(what: 'read' | 'write', leaves: Promise<void>): Promise<void> {
    const left = await attempt(leaves);
    if (left.ok) return;
    if (left.error instanceof SlotMissed) world.count(`slot missed by a ${what}`);
    throw left.error;
  }

  async function request<Value>(env: Environment, given: Request<Value>): Promise<Value> {
    const sender = env.process();
    if (env.clock.now() > given.slot.at + lateMaxMs) world.count(`${given.what} that was late`);
    return env.call<Value>(`moovago ${given.label}`, (reply, draw) => {
      // Also when all is quiet: a way that became shorter would bring requests closer together than they were sent.
      const network = plan.moovagoMs + draw.between('jitter', 0, jitterMs);
      if (env.strikes('moovago-unreachable', draw)) {
        scheduler.at(world.now() + draw.pick('refused after', [1, 5_000]), () =>
          reply(given.fails({ kind: 'unreachable' })),
        );
        return;
      }
      scheduler.at(world.now() + network, () => arrive(env, { ...given, sender }, reply, draw));
      scheduler.at(world.now() + requestMs.moovago, () => reply(given.fails({ kind: 'silent' })));
    });
  }

  return { ready, request };
}
