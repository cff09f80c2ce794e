import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import { OperationRefused } from '../../lib/framework/operation-refused.ts';
import type { MoovagoClient } from '../../lib/moovago/client.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import type { Chance } from '../chance.ts';
import { canary } from '../customers.ts';
import type { Environment } from '../environment.ts';
import type { World } from '../world.ts';
import type { MoovagoNetwork, Request } from './moovago-network.ts';
import type { MoovagoRecords } from './moovago-records.ts';
import type { Trouble } from './trouble.ts';

export type MoovagoServices = { records: MoovagoRecords; network: MoovagoNetwork };

export const members = [
  { id: 'm1', alias: `Ann ${canary}un` },
  { id: 'm2', alias: `Bob ${canary}deux` },
  { id: 'm3', alias: `Eve ${canary}trois` },
];

const unanswered = (applied: 'no' | 'unknown', message: string, status?: number) =>
  new TryLater(message, { system: 'Moovago', applied, ...(status === undefined ? {} : { status }) });

/** What the client makes of trouble. */
function errorOf(trouble: Trouble): Error {
  if (trouble.kind === 'key') return new ConfigurationError('MOOVAGO_API_KEY', 'refused (401)');
  if (trouble.kind === 'unreachable') return unanswered('no', 'Moovago cannot be reached (ECONNREFUSED)');
  if (trouble.kind === 'silent') return unanswered('unknown', 'Moovago did not answer within 20 s');
  if (trouble.kind === 'failing')
    return unanswered('unknown', `Moovago is in trouble (${trouble.status})`, trouble.status);
  const { retryAfterMs } = trouble;
  return new TryLater('Moovago had too many requests (429)', {
    system: 'Moovago',
    applied: 'no',
    status: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Moovago behind the interface of the client: answers as the client reads them. */
export function createFakeMoovago(world: World, { records, network }: MoovagoServices) {
  const { plan } = world;

  type Asked<Value> = Omit<Request<Value>, 'apply' | 'fails' | 'slot'> & {
    slot: Slot;
    apply(draw: Chance): Value;
  };
  async function request<Value>(env: Environment, { apply, ...given }: Asked<Value>): Promise<Value> {
    await network.ready(given.what, given.slot.ready());
    return network.request<Value>(env, {
      ...given,
      fails: (trouble) => ({ error: errorOf(trouble) }),
      apply: (draw) => answerOf(() => apply(draw)),
    });
  }

  const read = <Value>(env: Environment, label: string, slot: Slot, apply: () => Value) =>
    request(env, { slot, what: 'read', label, records: 0, apply });

  return {
    clientFor: (env: Environment): MoovagoClient => ({
      team: (slot) => read(env, 'team', slot, () => ({ id: 't1', name: 'Team', members })),
      childList: (_child, _filter, slot) => read(env, 'contacts', slot, records.contacts.list),
      mandatorList: (_filter, slot) => read(env, 'mandators', slot, () => []),
      companyList: (_filter, slot, extraFields = []) =>
        read(env, 'companies', slot, () => {
          if (!plan.isReadable && extraFields.length > 0)
            throw new OperationRefused('MOOVAGO_API_URL', 'Moovago refuses the document', {
              reason: 'Cannot query field "note" on type "Company"',
            });
          return records.companies.list(extraFields);
        }),
      writeCompanies: async (writes, slot) => {
        if (writes.length === 0) return [];
        const apply = (draw: Chance) => {
          const done = records.writeAll(env, writes, draw);
          if ('outcomes' in done) return done.outcomes;
          const { reason } = done;
          if (writes.length === 1) return [{ kind: 'rejected', reason } as const];
          throw new OperationRefused('MOOVAGO_API_URL', 'Moovago refuses the document', { reason });
        };
        const sent = { slot, what: 'write', label: 'write', records: writes.length, apply } as const;
        return records.heard(env, writes, request(env, sent));
      },
    }),
  };
}

function answerOf<Value>(run: () => Value): { value: Value } | { error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

export type FakeMoovago = ReturnType<typeof createFakeMoovago>;
