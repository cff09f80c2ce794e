import { goneSuffix } from '../../lib/mapping/gone-suffix.ts';
import type { Company, CompanyRecord } from '../../lib/moovago/company.ts';
import type { Lane } from '../../lib/moovago/slot.ts';
import { customerNumber, folderInAddress } from '../customers.ts';
import { fallbackOwner, isKnownOwner } from '../expected-company.ts';
import { isParisBusinessTime } from '../paris-time.ts';
import type { World } from '../world.ts';
import type { SimulatedFolder } from './fake-clavus.ts';
import type { Stored } from './stored.ts';

const arrivalsMax = 5;
/** Slots that were handed out before a 429 may lie so far ahead: a Lambda's time less its reserve, in milliseconds. */
const slotsAheadMs = 37_000;

const clocksApartMs = 100;

const minuteMs = 60_000;
/** So long after the failure that should have opened the breaker, at most so many requests a minute still try. */
const openedBy = 5;
const patienceMs = 4 * minuteMs;
const tryingMax = 6;

export const stage = 'sim';

const marker = new RegExp(`\\[clavus-moovago:${stage}:([\\w-]+):[0-9a-f]{6}\\]`);

/** The folder that a company's note names. */
export const folderInNote = ({ note = '' }: CompanyRecord): string | undefined => marker.exec(note)?.[1];

/** The number in a record that only ever rises. */
const serialOf = ({ address = '' }: CompanyRecord): number => Number(/, (\d+) f/.exec(address)?.[1] ?? -1);

/** Without what the connector adds. */
const plainText = (text: string | undefined) =>
  text
    ?.replace(/\n?\[clavus-moovago:[^\]]*\]$/, '')
    .replace(goneSuffix, '')
    .trim();

type LastAnswer = 'written' | 'rejected' | 'throttled' | 'unknown';

/** What the ledger asks about folders. */
type FoldersInClavus = {
  isInClavus(folderId: string): boolean;
  /** What the folder ever was. */
  versionsOf(folderId: string): readonly SimulatedFolder[];
};

export type Ledger = ReturnType<typeof createLedger>;

/** What is true of Moovago's side, and the promises that can be checked the moment they are broken. */
export function createLedger(world: World, { isInClavus, versionsOf }: FoldersInClavus) {
  const { plan } = world;
  const arrivals: number[] = [];
  const lastAnswers = new Map<string, LastAnswer>();
  let inVain: number[] = [];
  /** Failures that their senders lived to hear: nobody else counts them. */
  let heardInVain: number[] = [];
  let rests: { from: number; until: number }[] = [];
  let isRewound = false;
  let wasRewound = false;
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

  /** Whose companies one can tell apart, and that the connector could have known, when it made another one. */
  function checkCreation(company: Company, folderId: string, before: readonly Stored[]): void {
    const known = before.filter(({ isUnrecognisable }) => !isUnrecognisable);
    const own = known.filter(({ origin }) => origin === folderId);
    if (own.length > 0) world.fail('one-company', `folder ${folderId} has ${own.length + 1} companies`);
    // With another customer's e-mail and telephone, it could not be known as its own.
    if (!plan.isMatching || versionsOf(folderId).some(({ isMistyped }) => isMistyped)) return;
    const number = customerNumber(folderId);
    const [twin] = known.filter(
      ({ origin, customer, isDenied, wasOdd }) =>
        origin !== folderId && customer === number && !isDenied && !wasOdd,
    );
    if (twin)
      world.fail(
        'one-customer',
        `${company.id} was made for ${folderId}, whose customer has ${twin.company.id}`,
      );
  }

  /** Moovago is told only what a folder has said at some time, and owners only where it named none who is known. */
  function checkFields(fields: CompanyRecord, folderId: string | undefined): void {
    const versions = versionsOf(folderId ?? '');
    if (versions.length === 0) return;
    for (const field of ['name', 'city', 'note'] as const) {
      const written = plainText(fields[field]);
      // A marker may be all that a note holds.
      const isNoText = written === undefined || (written === '' && field === 'note');
      if (!isNoText && versions.every((one) => plainText(one[field]) !== written))
        world.fail('invention', `${folderId} never had this ${field}: ${written}`);
    }
    const isFallback = fields.ownerIds?.includes(fallbackOwner) === true;
    if (isFallback && versions.every(({ owner }) => isKnownOwner(owner)))
      world.fail('people', `${folderId} was given to the fallback, and its owners are all known`);
  }

  function created(company: Company, before: readonly Stored[]): void {
    world.count('company created');
    const folderId = folderInAddress(company.address);
    checkFields(company, folderId);
    if (folderId === undefined || (plan.marker === 'note' && folderInNote(company) !== folderId))
      world.fail('marker', `company ${company.id} was created without the mark of ${folderId}`);
    else if (plan.isReadable) checkCreation(company, folderId, before);
  }

  /** A company that holds what another folder wrote may be taken over by one of the same customer. */
  function checkOwner({ company, answersTo }: Stored, fields: CompanyRecord): void {
    const [before, after] = [folderInAddress(company.address), folderInAddress(fields.address)];
    if (plan.isReadable && after !== undefined && !answersTo.has(customerNumber(after)))
      world.fail('one-customer', `${company.id}, another customer's, became that of ${after}`);
    if (before === undefined || after === undefined || before === after) return;
    world.count('company taken over');
    if (plan.isReadable && customerNumber(before) !== customerNumber(after))
      world.fail('order', `the company of ${before} became that of ${after}`);
  }

  function checkPolicies({ company, origin, written }: Stored, fields: CompanyRecord): void {
    if (fields.city === undefined || plan.cityPolicy === 'clavus') return;
    if (plan.cityPolicy === 'create-only')
      world.fail('ownership', `the city of ${company.id} was written after it was made`);
    // What a rep filled in before the connector came; what one does later it does not see.
    const isFilled = origin === undefined && written.city === undefined && (company.city ?? '') !== '';
    if (plan.cityPolicy === 'fill-empty' && (isFilled || fields.city === ''))
      world.fail('ownership', `the city of ${company.id} was not the connector's to write`);
  }

  function updated(one: Stored, fields: CompanyRecord): void {
    world.count('company updated');
    checkFields(fields, folderInAddress(fields.address ?? one.company.address));
    const isSame = folderInAddress(one.company.address) === folderInAddress(fields.address);
    // Of a folder that is gone, an older table tells what it knew of it: nobody can tell it better.
    const isKnownAnew = !isRewound && (!wasRewound || isInClavus(folderInAddress(fields.address) ?? ''));
    if (isSame && isKnownAnew && serialOf(fields) < serialOf(one.company))
      world.fail('order', `${one.company.id} went back from ${serialOf(one.company)} to ${serialOf(fields)}`);
    checkOwner(one, fields);
    checkPolicies(one, fields);
  }

  /** During a long outage few requests come, whoever sends them: the breaker. */
  function arrivedInVain(): void {
    const now = world.now();
    inVain.push(now);
    const lately = inVain.filter((at) => at > now - minuteMs).length;
    if (now - (heardInVain[openedBy - 1] ?? now) > patienceMs && lately > tryingMax)
      world.fail('breaker', `${lately} requests within a minute to a service that is down`);
  }

  return {
    arrived,
    arrivedInVain,
    heardInVain: () => {
      heardInVain.push(world.now());
    },
    created,
    updated,
    answered: (folderId: string | undefined, answer: LastAnswer) => {
      if (folderId !== undefined) lastAnswers.set(folderId, answer);
    },
    lastAnswer: (folderId: string) => lastAnswers.get(folderId),
    /** A 429 asked everybody for patience, and its receiver lived on. */
    restUntil: (saidAt: number, until: number) => {
      rests.push({ from: saidAt + slotsAheadMs, until: until - clocksApartMs });
    },
    /** The table forgot whatever everybody knew. */
    forgetTrouble: () => {
      rests = [];
      inVain = [];
      heardInVain = [];
    },
    /** Between a table's return to an older point and the poll after it, older values may be sent. */
    setRewound: (is: boolean) => {
      isRewound = is;
      wasRewound = true;
    },
    isRewound: () => isRewound,
    traffic: () => ({ writeRequests, readRequests, recordsWritten }),
  };
}
