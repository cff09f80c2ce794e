import { chunks } from '../../framework/chunks.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import { companyIdOf } from '../../state/prospect-links.ts';
import type { SeenFolders } from '../../state/seen-folders.ts';
import { sortUnknown, unknownCompanies, whoseIs } from './find-prospects.ts';
import { changeLink, type ProspectRun } from './prospect-run.ts';
import { isOver, owned, parked, seen } from './prospect-transitions.ts';

/** Updates without an answer after which a person must act. */
const attemptsMax = 8;
/** How many companies are sorted together. */
const metAtOnce = 1_000;

/** Resolves links: of companies that a folder took over, and of requests that will never be answered. */
export async function resolveProspects(run: ProspectRun): Promise<void> {
  const { links, dependencies } = run;
  const { clock } = dependencies;
  const { log } = dependencies.telemetry;
  const open = [...links.values()].filter((link) => !isOver(link));
  // As an older version left them.
  const kept = [...links.values()].filter(({ status, sent }) => status === 'owned' && sent !== undefined);
  for (const link of kept) await changeLink(link, { ...link, sent: undefined }, run);
  const whose = await inParallel(open, (link) => whoseIs(companyIdOf(link), dependencies), 16);
  for (const [index, link] of open.entries()) {
    const owner = whose[index];
    const companyId = companyIdOf(link);
    const hasSettled = link.intent !== undefined && (link.waitUntil ?? 0) <= clock.now();
    if (typeof owner === 'object') {
      log.info('prospect-owned', { companyId, folderId: owner.folderId });
      await changeLink(link, owned(link, owner.folderId), run);
    } else if (hasSettled && link.prospectId === undefined) {
      log.warn('prospect-parked', { companyId });
      await changeLink(link, parked(link, { message: noAnswer, at: clock.now() }), run);
    } else if (hasSettled && link.attempts >= attemptsMax) {
      const message = `Clavus gave no clear answer to ${link.attempts} updates of this prospect`;
      await changeLink(link, parked(link, { message, at: clock.now() }), run);
    }
  }
}

const noAnswer =
  'Clavus gave no clear answer when this prospect was sent, and it cannot be asked whether it is there: ' +
  'look for it in Clavus, and retry this company only if it is not';

/**
 * Records companies that were not known. Those of the connector are not checked again. It takes half of the remaining
 * time at most; the next run goes on.
 */
export async function meetCompanies(known: SeenFolders, run: ProspectRun): Promise<void> {
  const { links, companies, options, dependencies } = run;
  const { clock } = dependencies;
  const until = (clock.now() + options.deadline) / 2;
  for (const some of chunks(unknownCompanies(companies.values(), known, links), metAtOnce)) {
    if (clock.now() > until) return;
    const { reps, ours } = await sortUnknown(some, dependencies);
    for (const { id } of reps) await changeLink(undefined, seen(id, clock.now()), run);
    await dependencies.prospectLinks.addKnown(ours);
  }
}
