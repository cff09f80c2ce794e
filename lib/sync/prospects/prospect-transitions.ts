import type { ProspectRecord } from '../../clavus/prospect-record.ts';
import type { ProspectLink } from '../../state/prospect-links.ts';

// What can happen to a company's link to its prospect, each as a pure function from link to link.

/** What a request leaves behind once its outcome is known, or has settled. */
const settled = { intent: undefined, waitUntil: undefined };
const clean = { ...settled, failure: undefined, waits: undefined, asked: undefined, attempts: 0 };

/** A company that nobody knew. */
export const seen = (companyId: string, at: number): ProspectLink => ({
  sk: companyId,
  revision: 0,
  writeId: '',
  status: 'new',
  seenAt: at,
  attempts: 0,
});

/** It was there before prospects were switched on, as far as anybody can tell. */
export const known = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'known' });

/** What its prospect holds cannot be told: everything is sent once more. */
export const doubted = (link: ProspectLink): ProspectLink => ({ ...link, sent: undefined });

/** It has to wait, and why. */
export const waiting = (link: ProspectLink, waits: string): ProspectLink => ({ ...link, waits });

/** A request is about to leave. Until its outcome is known, or has settled, no other one may. */
export const intended = (
  link: ProspectLink,
  { id, at, record, settlesAt }: { id: string; at: number; record: ProspectRecord; settlesAt: number },
): ProspectLink => ({
  ...link,
  intent: { id, at, record },
  waitUntil: settlesAt,
  waits: undefined,
  attempts: link.attempts + 1,
});

/** Clavus confirmed it: what was sent it now holds. */
export const saved = (link: ProspectLink, prospectId: string): ProspectLink => ({
  ...link,
  ...clean,
  status: 'sent',
  prospectId,
  sent: { ...link.sent, ...link.intent?.record },
});

/**
 * The request certainly had no effect: free to come again at `at`.
 * @param before the intent that this one took the place of: an earlier update of unknown outcome stays unknown
 */
export const released = (
  link: ProspectLink,
  { at, before }: { at: number; before: ProspectLink['intent'] },
): ProspectLink => ({ ...link, intent: before, waitUntil: at });

type Refusal = { message: string; record?: ProspectRecord; at: number; before?: ProspectLink['intent'] };

/**
 * Clavus does not take these values. Others may pass.
 * @param before the intent that this one took the place of: of what it sent, nobody knows which value Clavus holds
 */
export function refused(link: ProspectLink, { message, record, at, before }: Refusal): ProspectLink {
  const known = Object.entries(link.sent ?? {}).filter(
    ([field]) => !Object.hasOwn(before?.record ?? {}, field),
  );
  return {
    ...link,
    ...clean,
    status: 'refused',
    sent: link.sent && Object.fromEntries(known),
    failure: { message, at, refused: record },
  };
}

/** What was refused is as it was before. */
export const recovered = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'sent' });

/** Clavus takes no more updates: whoever works on it there has the say now, until its folder comes. */
export const converted = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'converted' });

/** Nobody can tell what became of a request, and sending it again might make a second prospect: for a person. */
export const parked = (
  link: ProspectLink,
  { message, at }: { message: string; at: number },
): ProspectLink => ({
  ...link,
  ...clean,
  status: 'parked',
  failure: { message, at },
});

/** A folder has the company from now on, and all that it says. */
export const owned = (link: ProspectLink, folderId: string): ProspectLink => ({
  ...link,
  ...clean,
  status: 'owned',
  folderId,
});

/**
 * Somebody named it: it is sent again, or for the first time. Not where a folder has it, nor while a request of unknown
 * outcome settles, which may yet take effect.
 */
export function asked(link: ProspectLink): ProspectLink | undefined {
  if (link.status === 'owned' || link.intent !== undefined) return undefined;
  const status = link.prospectId === undefined ? 'new' : 'sent';
  return doubted({ ...link, ...clean, status, asked: true });
}

/** Whether a prospect is there, or may be. */
export const mayBeThere = ({ status, prospectId, intent }: ProspectLink): boolean =>
  prospectId !== undefined || intent !== undefined || status === 'parked';

/** Whether nothing will be done about it any more. */
export const isOver = ({ status }: ProspectLink): boolean => status === 'owned' || status === 'known';
