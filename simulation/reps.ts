import type { CompanyRecord } from '../lib/moovago/company.ts';
import type { Chance } from './chance.ts';
import { asRepsWriteIt, canary, customerOf } from './customers.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Companies } from './services/companies.ts';
import { addressOfCompany } from './services/fake-prospects.ts';
import type { Stored } from './services/stored.ts';
import type { World } from './world.ts';

const actsMax = 4;
/** Customers of a crowd have no folder. */
const crowdFrom = 1_000;

type Reps = { companies: Companies; isLinked(companyId: string): boolean };

/** The people in Moovago: companies from before the connector came, and what they do while it is at work. */
export function startReps(world: World, { companies, isLinked }: Reps): void {
  const { plan, scheduler, chance } = world;
  const customers = Math.max(plan.customers, plan.folders);

  function makeCompany(number: number, isOld: boolean): void {
    const customer = customerOf(plan, number);
    const made = companies.addByRep(
      { ...asRepsWriteIt(customer, plan), city: 'Antibes', note: `${canary} met them` },
      number,
      isOld,
    );
    // By it one can tell what a prospect was made of.
    if (plan.hasProspects)
      made.company = { ...made.company, address: addressOfCompany(made.company.id, number) };
    world.trace(`a rep makes ${made.company.id} of customer ${number}`);
  }

  function edit(one: Stored, draw: Chance): void {
    const fields = draw.pick<CompanyRecord>('field', [
      { city: 'Grasse' },
      { ownerIds: ['m2'] },
      { note: `${one.company.note ?? ''} ` },
    ]);
    one.company = { ...one.company, ...fields };
    // By what was sent it is found no more.
    if (plan.marker === 'none') one.isUnrecognisable ||= !isLinked(one.company.id);
    if (fields.city !== undefined) one.byReps.add('city');
    if (fields.ownerIds !== undefined) one.byReps.add('ownerIds');
    if (fields.note !== undefined) one.byReps.add('note');
  }

  function eraseMarker(one: Stored, draw: Chance): void {
    one.company = { ...one.company, note: draw.pick('note', ['', `${canary} wrote this`]) };
    one.byReps.add('note');
    one.hasLostMarker = true;
    one.isUnrecognisable ||= !isLinked(one.company.id);
  }

  function remove(one: Stored): void {
    one.isDeleted = true;
  }

  /** More at once than the nightly audit believes. */
  function tidy(_: Stored, draw: Chance): void {
    for (const [nth, one] of companies.live().entries()) if (draw.of(nth).hits('tidied', 0.7)) remove(one);
  }

  function act(kind: FaultKind, run: (one: Stored, draw: Chance) => void): void {
    for (let nth = 0; nth < actsMax; nth++) {
      const draw = chance.of(kind).of(nth);
      scheduler.at(plan.startsAt + draw.number('at') * (plan.quietAt - plan.startsAt), () => {
        const all = companies.live();
        const one = all[draw.between('which', 0, all.length - 1)];
        if (one === undefined || !plan.isReadable || !world.strikes(kind, draw)) return;
        world.trace(`a rep: ${kind} ${one.company.id}`);
        run(one, draw);
      });
    }
  }

  // First: a list that ends early does not show the last ones.
  if (plan.isMatching && !plan.hasProspects)
    for (let nth = 0; nth < (plan.wire?.crowd ?? 0); nth++) makeCompany(crowdFrom + nth, true);
  if (plan.isMatching)
    for (let number = 1; number <= customers; number++) {
      const draw = chance.of('rep-company').of(number);
      if (!world.strikes('rep-company', draw)) continue;
      makeCompany(number, true);
      if (world.strikes('rep-company-twice', draw)) makeCompany(number, true);
    }
  act('rep-makes-company', (_, draw) => {
    if (plan.isMatching) makeCompany(draw.between('customer', 1, customers), false);
  });
  act('rep-edits', edit);
  act('rep-erases-marker', eraseMarker);
  act('rep-deletes', remove);
  act('rep-tidies', tidy);
}
