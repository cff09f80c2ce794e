import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../../lib/check/check-configuration.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import shipped from '../../../sync.config.ts';

const company = { name: 'nom', email: 'email', phone: 'telephone', postalCode: 'cp' };
const check = (config: object) =>
  checkConfiguration(parseSyncConfig({ company, ...config }, 'sync.config.ts')).map(
    ({ severity, where, message }) => `${severity} ${where}: ${message}`,
  );

describe('a configuration', () => {
  it('as it is shipped, and one that says little, contradict themselves in nothing', () => {
    expect(checkConfiguration(parseSyncConfig(shipped, 'sync.config.ts'))).toEqual([]);
    expect(check({})).toEqual([]);
    expect(check({ company: { name: 'nom', phone: 'telephone' } })).toEqual([]);
  });

  it('in which no company of a rep could be told its folder later has no prospects', () => {
    expect(check({ prospects: {} })).toEqual([]);
    expect(check({ company: { name: 'nom', city: 'ville' }, prospects: {} })).toContain(
      'error prospects: none is ever sent: nothing of a company tells the folder that it becomes, which would make it twice',
    );
  });

  it('under which a company may be made twice is wrong', () => {
    expect(check({ company: { name: 'nom' }, marker: 'none' })).toEqual([
      'error match: nothing recognises a company: without a marker and without a key, it may be made twice',
    ]);
  });

  it.each([
    [
      { company: { name: 'nom' } },
      'match: companies that reps made before are never recognised: no key compares mapped fields',
    ],
    [{ match: ['marker', 'email', ['name', 'city']] }, 'match: name with city: never compared, not mapped'],
    [{ match: ['email'] }, 'match: the marker is written into the note, but match does not look for it'],
    [
      { ownership: { city: 'create-only' } },
      "ownership.city: 'create-only' has no effect: company.city is not mapped",
    ],
    [
      { blanks: 'clear', ownership: { phone: 'fill-empty' } },
      "ownership.phone: 'fill-empty' contradicts blanks: 'clear': this field is never emptied",
    ],
    [
      { owners: { fallback: 'm1' } },
      'owners: has no effect: company.ownerIds is not mapped, so no company gets an owner',
    ],
    [
      { pace: { businessHours: { to: '18:00' } } },
      "pace.businessHours: do not cover Monday to Friday, 8:00 to 18:30, Europe/Paris, as Moovago's guide asks",
    ],
    [
      { pace: { businessHours: false } },
      "pace.businessHours: do not cover Monday to Friday, 8:00 to 18:30, Europe/Paris, as Moovago's guide asks",
    ],
    [
      { pace: { timezone: 'America/Martinique' } },
      "pace.businessHours: do not cover Monday to Friday, 8:00 to 18:30, Europe/Paris, as Moovago's guide asks",
    ],
    [
      { pace: { businessHours: { requestsPerSecond: 5 } } },
      "pace.businessHours.requestsPerSecond: is more than the one a second that Moovago's guide asks for",
    ],
    [
      { settleAfter: 'PT30S' },
      'settleAfter: 30 s is less than a request may take to land: a company may be made twice',
    ],
    [
      { onRemoved: 'delete', clavus: { filter: [{ column: 'statut', operator: '=', value: 'signé' }] } },
      "onRemoved: with clavus.filter, 'delete' also deletes the company of a folder that no longer passes it",
    ],
    [
      { onRemoved: 'flag', removalLimit: { share: 1 } },
      'removalLimit.share: lets more than half of all companies go at once: an error in Clavus would too',
    ],
  ])('that says %j is warned of', (config, message) => {
    expect(check(config)).toEqual([`warning ${message}`]);
  });

  it('with wider business hours than Moovago asks for is a good one', () => {
    expect(check({ pace: { businessHours: { days: 'Mon-Sat', from: '07:00', to: '20:00' } } })).toEqual([]);
  });
});
