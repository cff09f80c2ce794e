import type { Chance } from './chance.ts';

/** How Moovago's companies can be told apart: by our marker, by all fields that were sent, or by name and owners only. */
type Identity = { marker: 'note' | 'none'; readBack: 'all' | 'documented' };

const identities: readonly [Identity, ...Identity[]] = [
  { marker: 'note', readBack: 'all' },
  { marker: 'note', readBack: 'all' },
  { marker: 'note', readBack: 'all' },
  { marker: 'note', readBack: 'all' },
  { marker: 'none', readBack: 'all' },
  { marker: 'none', readBack: 'documented' },
  { marker: 'note', readBack: 'documented' },
];

/** What a tenant configures, and what its customers are like. */
export function drawTenant(chance: Chance) {
  const identity = chance.pick('identity', identities);
  const isReadable = identity.readBack === 'all';
  const isMatching = isReadable && chance.hits('matching', 0.5);
  const hasProspects = isMatching && chance.hits('prospects', 0.5);
  return {
    ...identity,
    /** Whether Moovago gives back every field that it takes: without, nobody can tell what reps did. */
    isReadable,
    /** Whether a company that nobody expected is recognised. */
    isRecognisable: isReadable && identity.marker === 'note',
    /** Whether companies are looked for by e-mail, telephone, and name with postal code. */
    isMatching,
    /** Folders belong to so many customers; 0: each to one of its own. */
    customers: isMatching && chance.hits('shared', 0.5) ? chance.between('customers', 1, 4) : 0,
    /** Customers have a value in common that tells nothing of them: a filler, a landlord's telephone. */
    hasSharedValues: isMatching && chance.hits('shared values', 0.6),
    /** Companies that reps make become prospects in Clavus. */
    hasProspects,
    primary: chance.pick('primary', ['newest', 'first'] as const),
    hasOwners: chance.hits('owners', 0.5),
    hasFallback: chance.hits('fallback', 0.5),
    blanks: chance.pick('blanks', ['keep', 'clear'] as const),
    /** Records that go one by one, and are read back, before the others. */
    pilot: chance.pick('pilot', [0, 0, 3]),
    /** What becomes of the company of a folder that is gone. */
    onRemoved: chance.pick('removed', ['keep', 'flag'] as const),
    /** Whether a column tells when a folder was modified, and how exactly: most polls then read what was. */
    dates: chance.pick('dates', ['none', 'none', 'none', 'moment', 'day'] as const),
    /** Whether Clavus says at once which folders changed. */
    hasWebhook: chance.hits('webhook', 0.3),
    /** How often everything is compared, in milliseconds: in truth once a night. */
    reconcileEveryMs: chance.pick('reconcile', [0, 0, 40, 100]) * 60_000,
    /** Whether each folder's person is sent too, and whether all of them have one all the time. */
    hasContacts: chance.hits('contacts', 0.4),
    contactsComeAndGo: chance.hits('contacts-go', 0.5),
    cityPolicy: chance.pick('city', ['clavus', 'clavus', 'create-only', 'fill-empty'] as const),
  };
}
