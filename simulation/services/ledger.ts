import type { CompanyRecord } from '../../lib/moovago/company.ts';
import type { Lane } from '../../lib/moovago/slot.ts';
import { isParisBusinessTime } from '../paris-time.ts';
import type { World } from '../world.ts';

const arrivalsMax = 5;
/** Slots that were handed out before a 429 may lie so far ahead: a Lambda's time less its reserve, in milliseconds. */
const slotsAheadMs = 37_000;

const clocksApartMs = 100;

export const stage = 'sim';

const marker = new RegExp(`\\[clavus-moovago:${stage}:([\\w-]+):[0-9a-f]{6}\\]`);

/** The folder that a company belongs to, by the marker in its note. */
export const folderOf = ({ note = '' }: CompanyRecord): string | undefined => marker.exec(note)?.[1];

/** The number in a record that only ever rises. */
const serialOf = ({ address = '' }: CompanyRecord): number => Number(/\d+/.exec(address)?.[0] ?? -1);

type LastAnswer = 'written' | 'rejected' | 'unknown';

export type Ledger = ReturnType<typeof createLedger>;

/** What is true of Moovago's side, and the promises that can be checked the moment they are broken. */
export function createLedger(world: World) {
  const arrivals: number[] = [];
  const rests: { from: number; until: number }[] = [];
  const lastAnswers = new Map<string, LastAnswer>();
  const unclear = new Map<string, number>();
  const emptyLooks = new Map<string, number>();
  const liveCompanies = new Map<string, number>();
  let writeRequests = 0;
  let readRequests = 0;
  let recordsWritten = 0;

  function checkRate(now: number): void {
    const sixth = arrivals.at(-arrivalsMax - 1);
    if (sixth !== undefined && now - sixth < 1_000)
      world.fail('rate', `${arrivalsMax + 1} requests within ${now - sixth} ms`);
  }

  function arrived(what: 'read' | 'write', lane: Lane, records: number): void {
    const now = world.now();
    arrivals.push(now);
    if (what === 'write') writeRequests++;
    else readRequests++;
    recordsWritten += records;
    checkRate(now);
    if (lane === 'bulk' && isParisBusinessTime(now)) world.fail('bulk-window', 'bulk in business hours');
    if (lane === 'bulk') world.count('bulk request');
    if (rests.some(({ from, until }) => now > from && now < until))
      world.fail('rest', 'a request while everybody should rest after a 429');
  }

  function created(fields: CompanyRecord, companyId: string): void {
    world.count('company created');
    const folderId = folderOf(fields);
    if (folderId === undefined) {
      world.fail('marker', `company ${companyId} was created without a marker`);
      return;
    }
    const companies = (liveCompanies.get(folderId) ?? 0) + 1;
    liveCompanies.set(folderId, companies);
    if (companies > 1) world.fail('one-company', `folder ${folderId} has ${companies} companies`);
  }

  function updated(before: CompanyRecord, after: CompanyRecord): void {
    world.count('company updated');
    if (serialOf(after) < serialOf(before))
      world.fail('order', `${folderOf(before)} went back from ${serialOf(before)} to ${serialOf(after)}`);
    if (folderOf(before) !== folderOf(after))
      world.fail('order', `the company of ${folderOf(before)} became that of ${folderOf(after)}`);
  }

  return {
    arrived,
    created,
    updated,
    answered: (fields: CompanyRecord, answer: LastAnswer) => {
      const folderId = folderOf(fields);
      if (folderId !== undefined) lastAnswers.set(folderId, answer);
    },
    /** The connector looked for the company of a creation, as its log says. */
    lookedUp: (folderId: string, found: unknown) => {
      if (found === 0) emptyLooks.set(folderId, (emptyLooks.get(folderId) ?? 0) + 1);
    },
    /** A record left for Moovago; `isClear`, its sender lived to learn what became of it. */
    sent: (fields: CompanyRecord, isClear: boolean) => {
      const folderId = folderOf(fields) ?? '';
      unclear.set(folderId, (unclear.get(folderId) ?? 0) + (isClear ? -1 : 1));
    },
    unclear: (folderId: string) => unclear.get(folderId) ?? 0,
    emptyLooks: (folderId: string) => emptyLooks.get(folderId) ?? 0,
    lastAnswer: (folderId: string) => lastAnswers.get(folderId),
    /** A 429 asked everybody for patience, and its receiver lived on. */
    restUntil: (saidAt: number, until: number) => {
      rests.push({ from: saidAt + slotsAheadMs, until: until - clocksApartMs });
    },
    traffic: () => ({ writeRequests, readRequests, recordsWritten }),
  };
}
