import { type Attempt, attempt } from '../../lib/framework/attempt.ts';
import type { CompanyWrite, WriteOutcome } from '../../lib/moovago/write.ts';
import type { Attempts } from '../attempts.ts';
import type { Chance } from '../chance.ts';
import { canary, isPoisoned } from '../customers.ts';
import { type Environment, SimulatedFailure } from '../environment.ts';
import type { World } from '../world.ts';
import type { Companies } from './companies.ts';
import type { Contacts } from './contacts.ts';
import type { Ledger } from './ledger.ts';

type Services = { companies: Companies; contacts: Contacts; ledger: Ledger; attempts: Attempts };

/** What became of a document: of each record, or of the whole, which the value of one of them made invalid. */
type Written = { outcomes: WriteOutcome[] } | { reason: string; nth: number };

export type MoovagoRecords = ReturnType<typeof createMoovagoRecords>;

/** What Moovago's server does with the records of a document. */
export function createMoovagoRecords(world: World, { companies, contacts, ledger, attempts }: Services) {
  const { plan } = world;

  /** The row that a write is about. */
  const rowOf = (one: CompanyWrite) =>
    one.child === undefined ? companies.folderOf(one) : contacts.rowOf(one);

  function deny(one: CompanyWrite, id: string): void {
    if (one.kind === 'create' && one.child === undefined) companies.deny(id);
  }

  /** What the server does in place of a write. */
  function insteadOfIt(env: Environment, draw: Chance): WriteOutcome | undefined {
    const rejected = env.strikes('alias-rejected', draw);
    const unknown = env.strikes('alias-unknown', draw);
    if (rejected) return { kind: 'rejected', reason: `${canary} is not valid` };
    if (unknown) return { kind: 'unknown', reason: 'neither an id nor an error' };
    return env.strikes('alias-throttled', draw)
      ? { kind: 'throttled', reason: 'too many requests' }
      : undefined;
  }

  /** One alias of a document. */
  function write(env: Environment, one: CompanyWrite, draw: Chance): WriteOutcome {
    const reason = `${canary} is not valid`;
    const before = insteadOfIt(env, draw);
    if (before !== undefined) return before;
    const companyId = one.child === undefined ? companies.write(one) : contacts.write(one);
    if (companyId === undefined) return { kind: 'rejected', reason: 'no such company' };
    if (env.strikes('alias-rejected-but-applied', draw)) {
      deny(one, companyId);
      return { kind: 'rejected', reason };
    }
    if (env.strikes('alias-unknown-but-applied', draw)) return { kind: 'unknown', reason: 'no id' };
    // What was applied although it asked for patience is listed by the time of the lookup (assumption).
    if (plan.listLagMs <= 5_000 && env.strikes('alias-throttled-but-applied', draw))
      return { kind: 'throttled', reason: 'too many' };
    return { kind: 'written', companyId };
  }

  /** All of a document, or nothing. */
  function writeAll(env: Environment, writes: readonly CompanyWrite[], draw: Chance): Written {
    const poisoned = writes.findIndex(({ fields }) => isPoisoned(fields));
    if (plan.faults.has('moovago-refuses-value') && poisoned >= 0) {
      world.count('fault moovago-refuses-value');
      const [one] = writes;
      if (one && writes.length === 1) ledger.answered(rowOf(one), 'rejected');
      return { reason: `${canary}poison is not a value of w${poisoned}`, nth: poisoned };
    }
    const outcomes = writes.map((one, index) => write(env, one, draw.of(index)));
    for (const [index, { kind }] of outcomes.entries()) {
      const one = writes[index];
      if (one) ledger.answered(rowOf(one), kind);
    }
    return { outcomes };
  }

  /** Whether its sender knows of the nth record what became of it: a refusal is no proof. */
  function isClear(answer: Attempt<WriteOutcome[]>, nth: number): boolean {
    if (answer.ok) return answer.value[nth]?.kind === 'written';
    return !(answer.error instanceof SimulatedFailure) && Object(answer.error).applied !== 'unknown';
  }

  /** Keeps count of what its sender learns, if that is there to hear it. */
  async function heard(
    env: Environment,
    writes: readonly CompanyWrite[],
    sent: Promise<WriteOutcome[]>,
  ): Promise<WriteOutcome[]> {
    const process = env.process();
    const answer = await attempt(sent);
    for (const [index, one] of writes.entries())
      attempts.answered(rowOf(one) ?? '', process, isClear(answer, index));
    if (answer.ok) return answer.value;
    throw answer.error;
  }

  return { companies, contacts, writeAll, heard };
}
