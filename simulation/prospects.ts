import { prospectsJob } from '../lib/jobs/prospects-job.ts';
import { refreshJob } from '../lib/jobs/refresh-job.ts';
import type { Chance } from './chance.ts';
import { asRepsWriteIt, canary, customerOf, nameOfCustomer } from './customers.ts';
import type { Lambda } from './lambda.ts';
import type { Remains } from './remains.ts';
import { addressOfCompany, companyInAddress } from './services/fake-prospects.ts';
import type { World } from './world.ts';

/** What happens during a run, at most. */
const acts = { finds: 6, edits: 12, conversions: 5 } as const;
/** Customers whom nobody in Clavus knows: few, so that two reps sometimes meet the same one. */
const strangers = { from: 60, to: 69 } as const;
const minuteMs = 60_000;
const looksEveryMs = 10 * minuteMs;

/** Somebody looks in Clavus for the prospects that never got an answer, and has those sent again that are not there. */
function startLooking(world: World, lambda: Lambda, { prospects, items }: Remains): void {
  world.scheduler.every(looksEveryMs, world.plan.startsAt + looksEveryMs, () => {
    const missing = items.list().flatMap(([key, { status }]) => {
      const [partition, companyId = ''] = key.split('\u0000');
      const isParked = partition === 'PROSPECTS' && status === 'parked';
      return isParked && prospects.of(companyId) === undefined ? [companyId] : [];
    });
    if (missing.length === 0) return;
    world.count('prospect asked for');
    lambda.invoke('refresh', async (app, deadline) => {
      const { read } = await refreshJob(app);
      await prospectsJob(read, missing, deadline, app);
    });
  });
}

/** Reps who find new customers, and the office that makes folders of their prospects. */
export function startProspects(world: World, lambda: Lambda, remains: Remains): void {
  const { companies, clavus, prospects, items } = remains;
  const { plan, scheduler, chance } = world;
  if (!plan.hasProspects) return;
  startLooking(world, lambda, remains);
  let folders = 0;

  function act(kind: keyof typeof acts, run: (draw: Chance) => void): void {
    const times = chance.of('prospects').between(kind, 0, acts[kind]);
    for (let nth = 0; nth < times; nth++) {
      const draw = chance.of(`prospects ${kind}`).of(nth);
      scheduler.at(plan.startsAt + draw.number('at') * (plan.quietAt - plan.startsAt), () => run(draw));
    }
  }

  function make(draw: Chance): void {
    const number = draw.between('customer', strangers.from, strangers.to);
    const customer = customerOf(plan, number);
    const made = companies.addByRep(
      { ...asRepsWriteIt(customer, plan), note: `${canary} met them` },
      number,
      false,
    );
    made.company = { ...made.company, address: addressOfCompany(made.company.id, number) };
    world.trace(`a rep finds ${made.company.id}, customer ${number}`);
  }

  /** Companies that are still the reps' alone. */
  const open = () =>
    companies
      .live()
      .filter(({ company }) => companyInAddress(company.address) === company.id && !isNamed(company.id));
  const isNamed = (companyId: string) =>
    items.list().some(([key, row]) => key.startsWith('FOLDER#') && row.companyId === companyId);

  function edit(draw: Chance): void {
    const all = open();
    const sent = all.filter(({ company }) =>
      prospects.all().some(({ companyId }) => companyId === company.id),
    );
    const some = sent.length > 0 ? sent : all;
    const one = some[draw.between('which', 0, some.length - 1)];
    if (one === undefined) return;
    one.company = {
      ...one.company,
      note: draw.pick('note', [`${canary} met them`, `${canary} wants 9 kWc`]),
    };
    one.byReps.add('note');
    world.trace(`a rep writes a note to ${one.company.id}`);
  }

  function convert(draw: Chance): void {
    const all = prospects.all().filter(({ isConverted }) => !isConverted);
    const one = all[draw.between('which', 0, all.length - 1)];
    if (one === undefined) return;
    one.isConverted = true;
    world.count('prospect converted');
    world.trace(`the office converts ${one.id} of ${one.companyId}`);
    const company = companies.get(one.companyId);
    const [number = 0] = company?.answersTo ?? [];
    if (company === undefined || !draw.hits('folder', 0.7)) return;
    const at = world.now() + draw.between('after', 0, 10) * minuteMs;
    scheduler.at(Math.min(at, plan.quietAt - minuteMs), () => {
      const id = draw.hits('same id', 0.5) ? one.id : `f${800 + ++folders}c${number}`;
      const name = nameOfCustomer({ number });
      clavus.put({
        id,
        name,
        city: 'Nice',
        note: '',
        owner: '',
        serial: 0,
        changedAt: world.now(),
        modifiedAt: world.now(),
      });
      // From here on the connector must recognise it.
      company.customer = number;
      world.trace(`clavus gets ${id} of the prospect ${one.id}`);
    });
  }

  act('finds', make);
  act('edits', edit);
  act('conversions', convert);
}
