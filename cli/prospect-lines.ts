import { DateTime } from 'luxon';
import { companyIdOf, createProspectLinks, type ProspectLink } from '../lib/state/prospect-links.ts';
import type { Table } from '../lib/state/table.ts';
import { commandText, type StateOptions } from './state.ts';

const failuresShown = 10;

/** How reps' companies stand with Clavus, by number; and those that somebody has to look at. */
export type Prospects = {
  new: number;
  sent: number;
  converted: number;
  owned: number;
  refused: number;
  parked: number;
  failures: { companyId: string; message: string; since: string }[];
};

export const prospectLinksIn = (table: Table) => createProspectLinks(table, () => crypto.randomUUID());

export async function readProspects(table: Table): Promise<Prospects> {
  const links = [...(await prospectLinksIn(table).all()).values()];
  const count = (status: ProspectLink['status']) => links.filter((link) => link.status === status).length;
  return {
    new: count('new'),
    sent: count('sent'),
    converted: count('converted'),
    owned: count('owned'),
    refused: count('refused'),
    parked: count('parked'),
    failures: links.flatMap((link) =>
      link.failure === undefined
        ? []
        : [
            {
              companyId: companyIdOf(link),
              message: link.failure.message,
              since: new Date(link.failure.at).toISOString(),
            },
          ],
    ),
  };
}

/** Nothing where there never was one. */
export function prospectLines({ failures, ...counts }: Prospects): string[] {
  if (Object.values(counts).every((count) => count === 0)) return [];
  const failed = counts.refused + counts.parked;
  return [
    `Prospects       ${counts.sent} in Clavus, ${counts.new} new, ${counts.converted} converted, ` +
      `${counts.owned} with a folder, ${failed} failed`,
    ...failures.slice(0, failuresShown).map(({ companyId, message }) => `  ${companyId}  ${message}`),
  ];
}

const at = (time: number) => DateTime.fromMillis(time).toRelative() ?? '';

/** What became of a company that a rep made, in words. */
export function explanationOfProspect(link: ProspectLink, options: Pick<StateOptions, 'stage'>): string[] {
  const companyId = companyIdOf(link);
  return [
    `Company ${companyId}, seen ${at(link.seenAt)}`,
    outcomeOf(link),
    `Next step: ${nextStepOf(link, options)}`,
    ...Object.entries(link.sent ?? {}).map(
      ([field, value]) => `  ${field.padEnd(16)}${String(value).replace(/\s+/g, ' ').slice(0, 60)}`,
    ),
  ];
}

function outcomeOf({ status, prospectId, intent, waits, failure, folderId }: ProspectLink): string {
  const prospect = prospectId === undefined ? 'Not in Clavus' : `In Clavus as prospect ${prospectId}`;
  if (intent !== undefined)
    return `${prospect}; a request of ${at(intent.at)} got no clear answer; its outcome will be looked up.`;
  switch (status) {
    case 'new':
      return `${prospect}: ${waits ?? 'it is sent after settleAfter'}.`;
    case 'sent':
      return `${prospect}; later edits follow.`;
    case 'converted':
      return `${prospect}, converted there: Clavus accepts no more edits of it.`;
    case 'owned':
      return `This company now belongs to folder ${folderId}.`;
    case 'known':
      return `${prospect}: it was there before prospects were switched on.`;
    default:
      return `${prospect}: ${status}, ${failure?.message ?? ''} (${at(failure?.at ?? 0)}).`;
  }
}

/** The command that sends it: a deployed stage does so itself. */
const retryOf = (companyId: string, { stage }: Pick<StateOptions, 'stage'>): string =>
  stage === undefined
    ? `npx clavus-moovago retry ${companyId}`
    : `aws lambda invoke --function-name clavus-moovago-${stage}-refreshDirectory --cli-binary-format raw-in-base64-out ` +
      `--payload '{"prospects":["${companyId}"]}' /dev/stdout`;

function nextStepOf(
  { sk, status, folderId, intent }: ProspectLink,
  options: Pick<StateOptions, 'stage'>,
): string {
  const retry = retryOf(sk, options);
  if (intent !== undefined) return 'Do nothing: the connector looks at it again automatically.';
  if (status === 'owned') return commandText(`explain ${folderId}`, options);
  if (status === 'known') return `To send it anyway: ${retry}`;
  if (status === 'parked') return `Look for it in Clavus. If it is not there: ${retry}`;
  if (status === 'refused')
    return `Correct the company in Moovago: it is then sent again automatically. Or: ${retry}`;
  return 'Nothing.';
}
