import type { ProspectRecord } from '../../clavus/prospect-record.ts';
import { changedProspect, mapProspect } from '../../mapping/map-prospect.ts';
import type { Company } from '../../moovago/company.ts';
import { companyIdOf, type ProspectLink } from '../../state/prospect-links.ts';
import {
  type Around,
  addOwned,
  addOwner,
  isGoneForGood,
  isMarked,
  lookAround,
  type Owners,
  reasonToWait,
  type TakenKeys,
} from './find-prospects.ts';
import { changeLink, type ProspectRun } from './prospect-run.ts';
import { recovered, refused, waiting } from './prospect-transitions.ts';
import type { Outgoing } from './send-prospect.ts';

/**
 * The companies that the table has nothing against, and that have rested for a while. During that time a rep may still
 * type, or one of our creations may settle. If there are too many at once, they are blocked (`held`), except those that
 * the operator named.
 */
export async function newProspects(run: ProspectRun): Promise<{ creations: Outgoing[]; held: number }> {
  const { links, companies, options, dependencies } = run;
  const { clock, config } = dependencies;
  const { log } = dependencies.telemetry;
  const now = clock.now();
  const ready = [...links.values()].filter((link) => isReady(link, now, config.settleAfter));
  const folders = ready.length === 0 ? [] : await dependencies.waitingFolders();
  if (folders === undefined) {
    log.info('prospects-wait', { companies: ready.length, reason: 'many folders wait' });
    return { creations: [], held: 0 };
  }
  const around = await lookAround(
    ready.flatMap((link) => companies.get(companyIdOf(link)) ?? []),
    companies,
    options,
    dependencies,
  );
  const byFolders: Owners = new Map();
  for (const row of folders) if (!isGoneForGood(row, companies)) addOwner(byFolders, row, options);
  const byCompanies: Owners = new Map();
  const creations: Outgoing[] = [];
  for (const link of ready)
    creations.push(...(await creation(link, { byFolders, byCompanies, around }, run)));
  const named = creations.filter(({ link }) => link.asked === true);
  const held = creations.length - named.length;
  return held > options.prospects.limit ? { creations: named, held } : { creations, held: 0 };
}

function isReady(link: ProspectLink, now: number, settleAfterMs: number): boolean {
  const { status, prospectId, intent, waitUntil = 0, seenAt } = link;
  // What Clavus refused may pass once a rep has edited it.
  const isNew = status === 'new' || (status === 'refused' && prospectId === undefined);
  const hasRested = link.asked === true || seenAt + settleAfterMs <= now;
  return isNew && hasRested && intent === undefined && waitUntil <= now;
}

/** What to send of a new company; nothing while it has to wait. Then the reason is in its link. */
async function creation(
  link: ProspectLink,
  { around, ...taken }: TakenKeys & { around: Around },
  run: ProspectRun,
): Promise<Outgoing[]> {
  const { links, companies, options } = run;
  const company = companies.get(companyIdOf(link));
  if (company === undefined) return [];
  const mapped = mapProspect(company, options.prospects);
  if ('record' in mapped && wasRefused(link, mapped.record)) return [];
  const waits = reasonToWait(company, mapped, links, taken, around, options);
  if (waits !== undefined && waits !== link.waits) await changeLink(link, waiting(link, waits), run);
  if (waits !== undefined || 'problem' in mapped) return [];
  addOwned(taken.byCompanies, company, options);
  return [outgoing(link, mapped.record, run)];
}

const outgoing = (link: ProspectLink, record: ProspectRecord, { options }: ProspectRun): Outgoing => ({
  link,
  record,
  type: options.prospects.type === 'MORAL' ? 'MORAL' : undefined,
});

/**
 * What reps changed since the last sending, and what was sent but never answered. Refused values go only once they
 * change.
 */
export async function dueEdits(run: ProspectRun): Promise<Outgoing[]> {
  const now = run.dependencies.clock.now();
  const found: Outgoing[] = [];
  for (const link of run.links.values()) {
    const company = run.companies.get(companyIdOf(link));
    const isOpen = link.prospectId !== undefined && ['sent', 'refused'].includes(link.status);
    if (company !== undefined && !isMarked(company) && isOpen && (link.waitUntil ?? 0) <= now)
      found.push(...(await edit(link, company, run)));
  }
  return found;
}

async function edit(link: ProspectLink, company: Company, run: ProspectRun): Promise<Outgoing[]> {
  const mapped = mapProspect(company, run.options.prospects);
  if ('problem' in mapped) {
    const { clock } = run.dependencies;
    if (link.failure?.message === mapped.problem) return [];
    await changeLink(link, refused(link, { message: mapped.problem, at: clock.now() }), run);
    return [];
  }
  const fields = fieldsToSend(link, mapped.record);
  const hasNews = Object.keys(fields).length > 0;
  if (!hasNews && link.status === 'refused') await changeLink(link, recovered(link), run);
  // After a request without an answer it is unknown what Clavus holds: also what it once refused is sent, and resolves that.
  const isSent = link.intent !== undefined || !wasRefused(link, mapped.record);
  return hasNews && isSent ? [outgoing(link, fields, run)] : [];
}

/** What was sent but never answered may be there: it is sent again, with its current values. */
function fieldsToSend({ intent, sent = {} }: ProspectLink, record: ProspectRecord): ProspectRecord {
  const unknown = intent?.record ?? {};
  const again = Object.fromEntries(Object.entries(record).filter(([field]) => Object.hasOwn(unknown, field)));
  return { ...unknown, ...again, ...changedProspect(sent, record) };
}

/** Whether Clavus refused exactly these values. */
const wasRefused = ({ failure }: ProspectLink, record: ProspectRecord): boolean =>
  failure?.refused !== undefined && Object.keys(changedProspect(failure.refused, record)).length === 0;
