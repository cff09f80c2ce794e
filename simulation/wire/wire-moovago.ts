import type { Fetch } from '../../lib/framework/service-fetch.ts';
import { createMoovagoClient, type MoovagoClient } from '../../lib/moovago/client.ts';
import { type TextField, textFields } from '../../lib/moovago/company.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import type { WriteOutcome } from '../../lib/moovago/write.ts';
import type { Chance } from '../chance.ts';
import type { Answer, Environment } from '../environment.ts';
import { type FakeMoovago, type MoovagoServices, members } from '../services/fake-moovago.ts';
import type { World } from '../world.ts';
import { errorOf } from './graphql-errors.ts';
import { createHttpAnswers } from './http-answers.ts';
import { type Asked, readRequest, readWrite } from './read-request.ts';
import type { WirePlan } from './wire-plan.ts';

/** Breaks how answers are read. */
export type BreakFetch = (fetch: Fetch) => Fetch;

export type WireServices = {
  breakFetch: BreakFetch | undefined;
  /** Whether the connector has read who is there, and will not forget it: what vanishes later it can miss. */
  arePeopleKnown(): boolean;
};

/** Where a list may end without a word. */
const listLimit = 100;

/** As it is listed, with the errors about it. */
type OddCompany = { company: unknown; errors: unknown[] };

type GraphqlAnswer = { status?: number; data?: unknown; errors?: unknown[] };

/** Moovago as a server: the real client talks HTTP to it. */
export function createWireMoovago(
  world: World,
  wire: WirePlan,
  { records, network, breakFetch, arePeopleKnown }: MoovagoServices & WireServices,
): FakeMoovago {
  const { plan } = world;
  const http = createHttpAnswers(wire);
  let membersVanished = false;

  /** A record of the answer to a document, and the error about it. */
  function recordAnswer({ key, below: [operation] }: Asked, outcome: WriteOutcome, draw: Chance) {
    const name = operation?.name ?? '';
    if (outcome.kind === 'written') return { data: { [name]: { recordId: outcome.companyId } } };
    const data = draw.hits('null below', 0.5) ? { [name]: null } : null;
    const path = [key, name];
    if (outcome.kind === 'rejected')
      return { data, error: errorOf(wire, 'refusal', { path, reason: outcome.reason }) };
    if (outcome.kind === 'throttled') return { data, error: errorOf(wire, 'throttle', { path }) };
    const isSaid = wire.isNonNull || draw.hits('said', 0.5);
    return isSaid ? { data, error: errorOf(wire, 'trouble', { path }) } : { data };
  }

  const invalid = (reason: string): GraphqlAnswer => ({
    ...(wire.refusesWithNull ? { data: null } : { status: wire.dialect === 'graphql-js' ? 400 : 200 }),
    errors: [errorOf(wire, 'invalid', { reason })],
  });

  function writeAnswer(env: Environment, asked: readonly Asked[], draw: Chance): GraphqlAnswer {
    if (env.strikes('wire-throttled', draw)) return { data: null, errors: [errorOf(wire, 'throttle', {})] };
    const done = records.writeAll(env, asked.map(readWrite), draw);
    if ('reason' in done) return invalid(done.reason);
    const answers = asked.map((one, nth) => {
      const outcome = done.outcomes[nth] ?? ({ kind: 'unknown', reason: '' } as const);
      return { key: one.key, ...recordAnswer(one, outcome, draw.of(nth)) };
    });
    const errors = answers.flatMap(({ error }) => error ?? []);
    // The null of one record climbs up: those before and after it were written all the same.
    if (errors.length > 0 && wire.isNonNull) {
      world.count('wire: data is null');
      return { data: null, errors };
    }
    const data = Object.fromEntries(answers.map(({ key, data: record }) => [key, record]));
    return { data, ...(errors.length > 0 ? { errors } : {}) };
  }

  /** A company that is odd somewhere, with the errors about it. */
  function oddCompany(env: Environment, company: object, nth: number, draw: Chance): OddCompany {
    if (!env.strikes('odd-company', draw)) return { company, errors: [] };
    const one = records.companies.get(String(new Map(Object.entries(company)).get('id')));
    if (one !== undefined) one.wasOdd = true;
    const path = ['companyList', nth] as const;
    const field = draw.pick('odd field', ['name', 'note', 'phone'] as const);
    const error = errorOf(wire, 'trouble', { path: [...path, field] });
    return draw.pick<OddCompany>('odd', [
      { company: null, errors: [errorOf(wire, 'trouble', { path })] },
      { company: { ...company, ownerIds: [null] }, errors: [] },
      { company: { ...company, [field]: null }, errors: [error] },
      { company: { ...company, [field]: { odd: true } }, errors: [] },
    ]);
  }

  function companyListAnswer(env: Environment, { below, args }: Asked, draw: Chance): GraphqlAnswer {
    const asked = below.map(({ name }) => name);
    const extra = textFields.filter((field): field is TextField => field !== 'name' && asked.includes(field));
    if (!plan.isReadable && extra.length > 0)
      return invalid(`Cannot query field "${extra[0]}" on type "Company".`);
    if (Object(args.filter).teamId !== 't1') return { data: { companyList: [] } };
    const all = records.companies.list(extra);
    const isCut = all.length > listLimit && env.strikes('list-cut', draw);
    const listed = (isCut ? all.slice(0, listLimit) : all).map((company, nth) =>
      oddCompany(env, company, nth, draw.of(nth)),
    );
    const errors = listed.flatMap((one) => one.errors);
    const companyList = listed.map(({ company }) => company);
    return { data: { companyList }, ...(errors.length > 0 ? { errors } : {}) };
  }

  /** Who vanishes is there again in the next answer. */
  function teamAnswer(env: Environment, draw: Chance): GraphqlAnswer {
    const isKnown = arePeopleKnown();
    const isOther = isKnown && env.strikes('other-team', draw);
    membersVanished = isKnown && !membersVanished && env.strikes('members-vanish', draw);
    const shown = membersVanished ? members.slice(draw.pick('vanish', [2, 3])) : members;
    return {
      data: { team: { id: isOther ? 't2' : 't1', name: isOther ? 'Other' : 'Team', members: shown } },
    };
  }

  function answerTo(env: Environment, asked: readonly Asked[], draw: Chance): GraphqlAnswer {
    const [first] = asked;
    if (first?.name === 'team') return teamAnswer(env, draw);
    if (first?.name === 'companyList') return companyListAnswer(env, first, draw);
    if (first?.name === 'mandatorList') return { data: { mandatorList: [] } };
    if (first?.name !== 'companyContactList') return writeAnswer(env, asked, draw);
    const companyContactList = records.contacts
      .list()
      .map(({ parentId, ...rest }) => ({ ...rest, companyId: parentId }));
    return { data: { companyContactList } };
  }

  const labels: Record<string, string> = { companyList: 'companies', companyContactList: 'contacts' };

  const fetchFor =
    (env: Environment, slot: Slot, what: 'read' | 'write'): Fetch =>
    async (_url, init) => {
      let body = '';
      const leaves = new Response(init?.body).text().then((text) => {
        body = text;
      });
      await network.ready(what, leaves);
      const asked = readRequest(body);
      const name = asked[0]?.name ?? '';
      return network.request<Response>(env, {
        slot,
        what,
        label: what === 'write' ? 'write' : (labels[name] ?? name),
        records: what === 'write' ? asked.length : 0,
        fails: http.fails,
        apply: (draw): Answer<Response> => {
          const { status, ...answer } = answerTo(env, asked, draw);
          return http.json(env, answer, draw.of('http'), status);
        },
      });
    };

  function clientAt(env: Environment, slot: Slot, what: 'read' | 'write'): MoovagoClient {
    const fetch = fetchFor(env, slot, what);
    return createMoovagoClient({
      url: new URL('https://moovago.example/graphql'),
      key: async () => 'simulated-key',
      keyHeader: 'x-api-key',
      fetch: breakFetch?.(fetch) ?? fetch,
    });
  }

  return {
    clientFor: (env) => ({
      team: (slot) => clientAt(env, slot, 'read').team(slot),
      childList: (child, filter, slot, fields) =>
        clientAt(env, slot, 'read').childList(child, filter, slot, fields),
      mandatorList: (filter, slot) => clientAt(env, slot, 'read').mandatorList(filter, slot),
      companyList: (filter, slot, extraFields) =>
        clientAt(env, slot, 'read').companyList(filter, slot, extraFields),
      writeCompanies: (writes, slot) =>
        records.heard(env, writes, clientAt(env, slot, 'write').writeCompanies(writes, slot)),
    }),
  };
}
