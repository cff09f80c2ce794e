import { reserveMs } from '../../framework/time-budget.ts';
import { companiesById } from '../../moovago/company.ts';
import { companyIdOf } from '../../state/prospect-links.ts';
import type { CompaniesRead } from '../match/refresh-companies.ts';
import { dueEdits, newProspects } from './due-prospects.ts';
import { whoseIs } from './find-prospects.ts';
import {
  changeLink,
  type ProspectRun,
  type SendProspectsDependencies,
  type SendProspectsOptions,
} from './prospect-run.ts';
import { asked, doubted, isOver, known as knownBefore, mayBeThere, seen } from './prospect-transitions.ts';
import { meetCompanies, resolveProspects } from './resolve-prospects.ts';
import { type Outgoing, type SendProspectDependencies, sendProspect } from './send-prospect.ts';

/**
 * `waits`: prospects cannot be switched on, because Moovago does not show all companies. `opened`: prospects were switched on, and the existing companies are known from now on. `impossible`: Moovago does
 * not return what a prospect is made of. `held`: how many new companies at once wait for the operator.
 */
export type ProspectsReport = {
  state: 'waits' | 'opened' | 'impossible' | 'done';
  created: number;
  updated: number;
  held: number;
};

/**
 * Sends companies that reps made to Clavus, as prospects, and then their edits. Companies from before prospects were
 * switched on stay out of Clavus. It ends when a folder takes the company over. The caller has the lease, so no other
 * run is active.
 * @param read a clean pass over Moovago's companies, begun before
 */
export async function sendProspects(
  { companies, readBack, hasAllIds }: Pick<CompaniesRead, 'companies' | 'readBack' | 'hasAllIds'>,
  options: SendProspectsOptions,
  dependencies: SendProspectsDependencies,
): Promise<ProspectsReport> {
  const nothing = { created: 0, updated: 0, held: 0 };
  const { prospectLinks } = dependencies;
  const { log, count } = dependencies.telemetry;
  if (readBack !== 'all') {
    log.error('prospects-impossible', { reason: 'Moovago gives back no more than names of companies' });
    return { state: 'impossible', ...nothing };
  }
  const links = await prospectLinks.all();
  const run: ProspectRun = { links, companies: companiesById(companies), options, dependencies };
  const known = await prospectLinks.readKnown();
  if (known === undefined && !hasAllIds) {
    // A company that is not in the list would look new later.
    log.warn('prospects-wait', {
      companies: companies.length,
      reason: 'Moovago does not show all companies',
    });
    return { state: 'waits', ...nothing };
  }
  if (known === undefined) {
    await switchOn(run);
    return { state: 'opened', ...nothing };
  }
  for (const companyId of options.asked) await ask(companyId, run);
  await resolveProspects(run);
  await meetCompanies(known, run);
  const { creations, held } = await newProspects(run);
  const sent = await sendAll([...creations, ...(await dueEdits(run))], run);
  const failed = [...links.values()].filter(({ status }) => status === 'refused' || status === 'parked');
  count('ProspectsFailed', failed.length + held);
  if (held > 0) log.error('prospects-held', { companies: held, limit: options.prospects.limit });
  return { state: 'done', ...sent, held };
}

/**
 * From now on, an unknown company is new. Links of a restored table may be out of date. Links of companies that were
 * not sent become known, too. For the others, everything is sent once more.
 */
async function switchOn(run: ProspectRun): Promise<void> {
  const { links, companies, dependencies } = run;
  for (const link of links.values())
    if (!isOver(link)) await changeLink(link, mayBeThere(link) ? doubted(link) : knownBefore(link), run);
  const before = [...companies.keys()].filter((id) => !links.has(id));
  await dependencies.prospectLinks.addKnown(before);
  await dependencies.prospectLinks.open(dependencies.clock.now());
  dependencies.telemetry.log.info('prospects-switched-on', { companies: before.length });
}

/** The operator named this company. It may also be a company from before. */
async function ask(companyId: string, run: ProspectRun): Promise<void> {
  const { links, dependencies, companies } = run;
  const link = links.get(companyId);
  const next = asked(link ?? seen(companyId, dependencies.clock.now()));
  if (next === undefined || (link === undefined && !companies.has(companyId)))
    dependencies.telemetry.log.warn('prospect-not-asked', { companyId });
  else await changeLink(link, next, run);
}

/** One after the other, first those that failed least. Stops once Clavus is in trouble. */
async function sendAll(
  outgoing: readonly Outgoing[],
  { links, options, dependencies }: ProspectRun,
): Promise<Pick<ProspectsReport, 'created' | 'updated'>> {
  const sent = { created: 0, updated: 0 };
  const { clock, prospectLinks, telemetry } = dependencies;
  const watched: SendProspectDependencies = {
    ...dependencies,
    isReps: async (companyId) => (await whoseIs(companyId, dependencies)) === 'rep',
    prospectLinks: {
      save: async (before, after) => {
        const saved = await prospectLinks.save(before, after);
        if (saved !== undefined) links.set(companyIdOf(saved), saved);
        return saved;
      },
    },
    telemetry: {
      ...telemetry,
      count: (metric, value) => {
        if (metric === 'ProspectsCreated') sent.created++;
        if (metric === 'ProspectsUpdated') sent.updated++;
        telemetry.count(metric, value);
      },
    },
  };
  for (const one of outgoing.toSorted((one, other) => one.link.attempts - other.link.attempts)) {
    if (clock.now() > options.deadline - reserveMs.prospects) break;
    if ((await sendProspect(one, watched)) === 'trouble') break;
  }
  return sent;
}
