import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import { OperationRefused } from '../../lib/framework/operation-refused.ts';
import { requestMs } from '../../lib/framework/time-budget.ts';
import type { MoovagoClient } from '../../lib/moovago/client.ts';
import { type Slot, SlotMissed } from '../../lib/moovago/slot.ts';
import type { CompanyWrite, WriteOutcome } from '../../lib/moovago/write.ts';
import type { Attempts } from '../attempts.ts';
import type { Chance } from '../chance.ts';
import { canary } from '../customers.ts';
import type { Answer, Environment, Reply } from '../environment.ts';
import type { World } from '../world.ts';
import { type Companies, isPoisoned } from './companies.ts';
import type { Contacts } from './contacts.ts';
import type { Ledger } from './ledger.ts';
import type { Outages } from './outages.ts';

/** So late a request leaves without having asked for more time, at most, in milliseconds. */
const lateMaxMs = 120;
/** How unevenly the network delays requests, in milliseconds. */
const jitterMs = 15;

type Services = {
  companies: Companies;
  contacts: Contacts;
  ledger: Ledger;
  outages: Outages;
  attempts: Attempts;
};

/** What the server does with a request that arrived, and when it is done. */
type Fate =
  | { kind: 'answers' | 'fails-after' | 'is-silent'; afterMs: number }
  | { kind: 'refuses' | 'is-down'; error: Error }
  | { kind: 'too-many'; error: Error; retryAfterMs: number | undefined };

type Request<Value> = {
  slot: Slot;
  what: 'read' | 'write';
  label: string;
  records: number;
  /** Called with the answer when its sender is there to hear it. */
  note?: ((answer: Answer<Value>) => void) | undefined;
  /** Takes effect, at its moment, and says what the answer will be. */
  apply(draw: Chance): Value;
};

/** With the invocation that sent it. */
type Sent<Value> = Request<Value> & { sender: string };

const members = [
  { id: 'm1', alias: `Ann ${canary}un` },
  { id: 'm2', alias: `Bob ${canary}deux` },
  { id: 'm3', alias: `Eve ${canary}trois` },
];

const trouble = (applied: 'no' | 'unknown', message: string, status?: number) =>
  new TryLater(message, { system: 'Moovago', applied, ...(status === undefined ? {} : { status }) });

function tooMany(retryAfterMs: number | undefined): TryLater {
  return new TryLater('Moovago had too many requests (429)', {
    system: 'Moovago',
    applied: 'no',
    status: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Moovago's server and the network before it. */
export function createFakeMoovago(
  world: World,
  { companies, contacts, ledger, outages, attempts }: Services,
) {
  const { plan, scheduler } = world;

  /** What keeps a request from having an effect. */
  function refusalOf(env: Environment, draw: Chance, isWrite: boolean): Fate | undefined {
    if (outages.moovagoIsDown()) {
      ledger.arrivedInVain();
      return { kind: 'is-down', error: trouble('unknown', 'Moovago is down (503)', 503) };
    }
    if (outages.moovagoRefusesKey())
      return { kind: 'refuses', error: new ConfigurationError('MOOVAGO_API_KEY', 'refused (401)') };
    if (env.strikes('moovago-429', draw)) {
      const retryAfterMs = draw.pick('retry-after', [undefined, 1_000, 90_000, 300_000]);
      return { kind: 'too-many', error: tooMany(retryAfterMs), retryAfterMs };
    }
    const isTooLong = !isWrite && env.strikes('list-fails', draw);
    if (isTooLong || env.strikes('moovago-5xx-before', draw))
      return { kind: 'refuses', error: trouble('unknown', 'Moovago is in trouble (502)', 502) };
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
    const answer = (given: Parameters<Reply<Value>>[0]) =>
      scheduler.at(world.now() + (world.isQuiet() ? 20 : plan.moovagoMs), () => {
        if (fate.kind === 'is-down' && env.isAlive()) ledger.heardInVain();
        reply(given);
      });
    if (fate.kind === 'too-many' && what === 'write')
      env.patience(sender, world.now(), fate.retryAfterMs ?? 0);
    if ('error' in fate) {
      answer({ error: fate.error });
      return;
    }
    scheduler.at(world.now() + fate.afterMs, () => {
      const applied = attempt(() => request.apply(draw));
      if (fate.kind === 'answers') answer(applied);
      if (fate.kind === 'fails-after')
        answer({ error: trouble('unknown', 'Moovago is in trouble (500)', 500) });
    });
  }

  async function request<Value>(env: Environment, given: Request<Value>): Promise<Value> {
    const sender = env.process();
    await given.slot.ready().catch((error: unknown) => {
      if (error instanceof SlotMissed) world.count(`slot missed by a ${given.what}`);
      throw error;
    });
    if (env.clock.now() > given.slot.at + lateMaxMs) world.count(`${given.what} that was late`);
    return env.call<Value>(`moovago ${given.label}`, (answer, draw) => {
      let isOver = false;
      const reply: typeof answer = (result) => {
        if (!isOver && env.isAlive()) given.note?.(result);
        isOver = true;
        answer(result);
      };
      // Also when all is quiet: a way that became shorter would bring requests closer together than they were sent.
      const network = plan.moovagoMs + draw.between('jitter', 0, jitterMs);
      if (env.strikes('moovago-unreachable', draw)) {
        const error = trouble('no', 'Moovago cannot be reached (ECONNREFUSED)');
        scheduler.at(world.now() + draw.pick('refused after', [1, 5_000]), () => reply({ error }));
        return;
      }
      scheduler.at(world.now() + network, () => arrive(env, { ...given, sender }, reply, draw));
      scheduler.at(world.now() + requestMs.moovago, () =>
        reply({ error: trouble('unknown', 'Moovago did not answer within 20 s') }),
      );
    });
  }

  /** The row that a write is about. */
  const rowOf = (one: CompanyWrite) =>
    one.child === undefined ? companies.folderOf(one) : contacts.rowOf(one);

  function deny(one: CompanyWrite, id: string): void {
    if (one.kind === 'create' && one.child === undefined) companies.deny(id);
  }

  /** One alias of a document. */
  function write(env: Environment, one: CompanyWrite, draw: Chance): WriteOutcome {
    const reason = `${canary} is not valid`;
    const rejected = env.strikes('alias-rejected', draw);
    const unknown = env.strikes('alias-unknown', draw);
    if (rejected) return { kind: 'rejected', reason };
    if (unknown) return { kind: 'unknown', reason: 'neither an id nor an error' };
    const companyId = one.child === undefined ? companies.write(one) : contacts.write(one);
    if (companyId === undefined) return { kind: 'rejected', reason: 'no such company' };
    if (env.strikes('alias-rejected-but-applied', draw)) {
      deny(one, companyId);
      return { kind: 'rejected', reason };
    }
    if (env.strikes('alias-unknown-but-applied', draw)) return { kind: 'unknown', reason: 'no id' };
    return { kind: 'written', companyId };
  }

  /** All of a document, or a refusal of the whole. */
  function writeAll(env: Environment, writes: readonly CompanyWrite[], draw: Chance): WriteOutcome[] {
    const isRefused =
      plan.faults.has('moovago-refuses-value') && writes.some(({ fields }) => isPoisoned(fields));
    if (isRefused) world.count('fault moovago-refuses-value');
    const reason = `${canary}poison is not a value of w0`;
    if (isRefused && writes.length > 1)
      throw new OperationRefused('MOOVAGO_API_URL', 'Moovago refuses the document', { reason });
    const outcomes: WriteOutcome[] = isRefused
      ? [{ kind: 'rejected', reason }]
      : writes.map((one, index) => write(env, one, draw.of(index)));
    for (const [index, { kind }] of outcomes.entries()) {
      const one = writes[index];
      if (one) ledger.answered(rowOf(one), kind);
    }
    return outcomes;
  }

  /** Whether it is known of the nth record of an answer what became of it: a refusal is no proof. */
  function isClear(answer: Answer<WriteOutcome[]>, nth: number): boolean {
    if ('value' in answer) return answer.value[nth]?.kind === 'written';
    return !(answer.error instanceof TryLater) || answer.error.applied === 'no';
  }

  /** Keeps count of what is clearly answered. */
  function noteOf(
    env: Environment,
    writes: readonly CompanyWrite[],
  ): (answer: Answer<WriteOutcome[]>) => void {
    return (answer) => {
      for (const [index, one] of writes.entries())
        if (isClear(answer, index)) attempts.answered(rowOf(one) ?? '', env.process());
    };
  }

  const read = <Value>(env: Environment, label: string, slot: Slot, apply: () => Value) =>
    request(env, { slot, what: 'read', label, records: 0, apply });

  return {
    clientFor: (env: Environment): MoovagoClient => ({
      team: (slot) => read(env, 'team', slot, () => ({ id: 't1', name: 'Team', members })),
      childList: (_child, _filter, slot) => read(env, 'contacts', slot, contacts.list),
      mandatorList: (_filter, slot) => read(env, 'mandators', slot, () => []),
      companyList: (_filter, slot, extraFields = []) =>
        read(env, 'companies', slot, () => {
          if (!plan.isReadable && extraFields.length > 0)
            throw new OperationRefused('MOOVAGO_API_URL', 'Moovago refuses the document', {
              reason: 'Cannot query field "note" on type "Company"',
            });
          return companies.list(extraFields);
        }),
      writeCompanies: (writes, slot) =>
        writes.length === 0
          ? Promise.resolve([])
          : request(env, {
              slot,
              what: 'write',
              label: 'write',
              records: writes.length,
              note: noteOf(env, writes),
              apply: (draw) => writeAll(env, writes, draw),
            }),
    }),
  };
}

function attempt<Value>(run: () => Value): { value: Value } | { error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

export type FakeMoovago = ReturnType<typeof createFakeMoovago>;
