import type { ProspectRecord } from '../../clavus/prospect-record.ts';
import type { ProspectLink } from '../../state/prospect-links.ts';

// What can happen to a company's link to its prospect: pure functions from link to link.

/** Removes what belongs to a request, once its outcome is known or has settled. */
const settled = { intent: undefined, waitUntil: undefined };
const clean = { ...settled, failure: undefined, waits: undefined, asked: undefined, attempts: 0 };

/** A company that was not known before. */
export const seen = (companyId: string, at: number): ProspectLink => ({
  sk: companyId,
  revision: 0,
  writeId: '',
  status: 'new',
  seenAt: at,
  attempts: 0,
});

/** It existed before prospects were switched on, as far as the table shows. */
export const known = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'known' });

/** It is unknown what its prospect holds: everything is sent once more. */
export const doubted = (link: ProspectLink): ProspectLink => ({ ...link, sent: undefined });

/** It has to wait, for this reason. */
export const waiting = (link: ProspectLink, waits: string): ProspectLink => ({ ...link, waits });

/** A request is about to leave. No other one may leave until its outcome is known, or has settled. */
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

/** Clavus confirmed the request: it now holds what was sent. */
export const saved = (link: ProspectLink, prospectId: string): ProspectLink => ({
  ...link,
  ...clean,
  status: 'sent',
  prospectId,
  sent: { ...link.sent, ...link.intent?.record },
});

/**
 * The request certainly had no effect: it may be sent again at `at`.
 * @param before the intent that this one replaced: an earlier update of unknown outcome stays unknown
 */
export const released = (
  link: ProspectLink,
  { at, before }: { at: number; before: ProspectLink['intent'] },
): ProspectLink => ({ ...link, intent: before, waitUntil: at });

type Refusal = { message: string; record?: ProspectRecord; at: number; before?: ProspectLink['intent'] };

/**
 * Clavus does not accept these values. Others may pass.
 * @param before the intent that this one replaced: it is unknown which of its values Clavus holds
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

/** The refused values are again as they were before. */
export const recovered = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'sent' });

/** Clavus accepts no more updates. The office works on it there, until its folder comes. */
export const converted = (link: ProspectLink): ProspectLink => ({ ...link, ...clean, status: 'converted' });

/** The outcome of a request is unknown, and sending it again might make a second prospect: a person must act. */
export const parked = (
  link: ProspectLink,
  { message, at }: { message: string; at: number },
): ProspectLink => ({
  ...link,
  ...clean,
  status: 'parked',
  failure: { message, at },
});

/** A folder has the company from now on, and decides on all that it says: what was sent is not needed any more. */
export const owned = (link: ProspectLink, folderId: string): ProspectLink => ({
  ...link,
  ...clean,
  sent: undefined,
  status: 'owned',
  folderId,
});

/**
 * The operator asked to send it, again or for the first time. Not if a folder has it, and not while a request of
 * unknown outcome settles: that may still take effect.
 */
export function asked(link: ProspectLink): ProspectLink | undefined {
  if (link.status === 'owned' || link.intent !== undefined) return undefined;
  const status = link.prospectId === undefined ? 'new' : 'sent';
  return doubted({ ...link, ...clean, status, asked: true });
}

/** Whether a prospect exists, or may exist. */
export const mayBeThere = ({ status, prospectId, intent }: ProspectLink): boolean =>
  prospectId !== undefined || intent !== undefined || status === 'parked';

/** Whether nothing more will be done about it. */
export const isOver = ({ status }: ProspectLink): boolean => status === 'owned' || status === 'known';
