import type { ClavusClient } from '../../clavus/client.ts';
import type { ProspectRecord } from '../../clavus/prospect-record.ts';
import { attempt } from '../../framework/attempt.ts';
import type { Clock } from '../../framework/clock.ts';
import { Rejected } from '../../framework/errors.ts';
import { OperationRefused } from '../../framework/operation-refused.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { prospectRuleOf } from '../../pace/failure-table.ts';
import { companyIdOf, type ProspectLink, type ProspectLinks } from '../../state/prospect-links.ts';
import { converted, intended, refused, released, saved } from './prospect-transitions.ts';

export type SendProspectDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  newId(): string;
  config: Pick<SyncConfig, 'settleAfter'>;
  prospectLinks: Pick<ProspectLinks, 'save'>;
  clavus: Pick<ClavusClient, 'upsertProspect'>;
  /** Whether the company is still a rep's, and no folder's. */
  isReps(companyId: string): Promise<boolean>;
};

/** What is sent of a company, and for which link. */
export type Outgoing = { link: ProspectLink; record: ProspectRecord; type: 'MORAL' | undefined };

/** The first and the longest wait after a failure of the service, in milliseconds. */
const backoffMs = { first: 5 * 60_000, max: 4 * 60 * 60_000 };
/** A request leaves this soon after its intent, in milliseconds, or not at all: settling an intent relies on it. */
const leavesWithinMs = 20_000;

/** The guide does not quote Clavus' words for a conversion. */
const convertedWords = /conver(?:t|si)/i;

/**
 * Sends one prospect. The intent is stored first, so that a request of unknown outcome is never sent again. `done`: its
 * outcome is stored, or another process has the link. `trouble`: Clavus is in trouble, and the others may wait.
 */
export async function sendProspect(
  { link, record, type }: Outgoing,
  dependencies: SendProspectDependencies,
): Promise<'done' | 'trouble'> {
  const { clock, newId, prospectLinks, config } = dependencies;
  const { prospectId: id } = link;
  const at = clock.now();
  const intent = { id: newId(), at, record, settlesAt: at + config.settleAfter };
  const mine = await prospectLinks.save(link, intended(link, intent));
  if (mine === undefined) return 'done';
  const back = (until: number) =>
    prospectLinks.save(mine, released(mine, { at: until, before: link.intent }));
  // The last check: a folder may have come for the company while others were sent. And a Lambda may freeze between two
  // lines.
  if (!(await dependencies.isReps(companyIdOf(link))) || clock.now() - at > leavesWithinMs) {
    await back(clock.now());
    return 'done';
  }
  const prospect = id === undefined ? { ...record, ...(type ? { type } : {}) } : { ...record, id };
  const answer = await attempt(dependencies.clavus.upsertProspect(prospect));
  if (answer.ok) {
    await recordSaved(mine, answer.value.id, dependencies);
    return 'done';
  }
  return recordFailure({ link, mine, error: answer.error, back }, dependencies);
}

type Failed = {
  link: ProspectLink;
  /** With the intent of the request that failed. */
  mine: ProspectLink;
  error: unknown;
  /** Takes the intent back: the link is due again at a moment. */
  back(until: number): Promise<unknown>;
};

async function recordFailure(
  { link, mine, error, back }: Failed,
  dependencies: SendProspectDependencies,
): Promise<'done' | 'trouble'> {
  const { clock, telemetry } = dependencies;
  switch (prospectRuleOf(error)) {
    case 'refuse':
      await recordRefused(mine, { reason: reasonOf(error), before: link.intent }, dependencies);
      return 'done';
    case 'resolve':
      telemetry.count('OutcomesUnknown');
      telemetry.log.warn('prospect-unknown', { companyId: companyIdOf(mine), reason: messageOf(error) });
      return 'trouble';
    case 'again':
      await back(clock.now() + Math.min(backoffMs.max, backoffMs.first * 2 ** Math.min(mine.attempts, 10)));
      return 'trouble';
    case 'stop':
      await back(clock.now());
      throw error;
    case 'stop-in-doubt':
      throw error;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Clavus' own words. They may hold personal data: for the link, never for a log. */
const reasonOf = (error: unknown) =>
  error instanceof Rejected || error instanceof OperationRefused ? error.reason : messageOf(error);

async function recordSaved(
  link: ProspectLink,
  prospectId: string,
  { telemetry: { count, log }, prospectLinks }: SendProspectDependencies,
): Promise<void> {
  count(link.prospectId === undefined ? 'ProspectsCreated' : 'ProspectsUpdated');
  log.info('prospect-sent', { companyId: companyIdOf(link), prospectId });
  await prospectLinks.save(link, saved(link, prospectId));
}

async function recordRefused(
  link: ProspectLink,
  { reason, before }: { reason: string; before: ProspectLink['intent'] },
  { clock, telemetry: { log }, prospectLinks }: SendProspectDependencies,
): Promise<void> {
  const { prospectId, intent } = link;
  const companyId = companyIdOf(link);
  if (prospectId !== undefined && convertedWords.test(reason)) {
    log.info('prospect-converted', { companyId, prospectId });
    await prospectLinks.save(link, converted(link));
    return;
  }
  log.warn('prospect-refused', { companyId, prospectId });
  const record = { ...link.sent, ...intent?.record };
  await prospectLinks.save(link, refused(link, { message: reason, record, at: clock.now(), before }));
}
