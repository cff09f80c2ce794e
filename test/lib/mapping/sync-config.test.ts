import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/framework/errors.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import template from '../../../sync.config.ts';

const parse = (value: unknown) => parseSyncConfig(value, 'sync.config.ts');
const company = { name: 'nom' };
const weekdays = [1, 2, 3, 4, 5];

describe('a configuration', () => {
  it('needs no more than the column of the name', () => {
    expect(parse({ company })).toEqual({
      clavus: { pageSize: 200, fullScanEvery: 3_600_000, filter: [] },
      company: { name: { kind: 'from', from: ['nom'], as: 'text' } },
      owners: { overrides: {} },
      match: ['marker', 'email', 'phone', ['name', 'postalCode']],
      matchIgnore: [],
      primary: 'newest',
      ownership: {
        name: 'clavus',
        city: 'clavus',
        address: 'clavus',
        postalCode: 'clavus',
        phone: 'clavus',
        email: 'clavus',
        // The marker alone must not replace what a rep wrote.
        note: 'create-only',
        ownerIds: 'clavus',
        mandatorIds: 'clavus',
      },
      marker: 'note',
      blanks: 'keep',
      onRemoved: 'keep',
      removalLimit: { share: 0.02, atLeast: 5 },
      pace: {
        timezone: 'Europe/Paris',
        businessHours: { days: weekdays, fromMinute: 480, toMinute: 1110, requestsPerSecond: 1 },
        otherwise: { requestsPerSecond: 5 },
        bulkAbove: 100,
        recordsPerRequest: 25,
      },
      pilot: 3,
      settleAfter: 900_000,
    });
  });

  it('may be written in full', () => {
    const as = () => 'x';
    const overrides = { constructor: 'm1', user1: 'm2' };
    const full = parse({
      clavus: {
        pageSize: 50,
        modifiedColumn: 'date_modification',
        fullScanEvery: 'P1DT30M',
        filter: [{ column: 'statut', operator: 'IN', value: 'signé,prospect' }],
      },
      company: {
        name: { from: ['raison_sociale', 'nom'] },
        city: { from: 'ville', as },
        note: { template: 'Dossier {nom}' },
        ownerIds: 'commercial',
      },
      owners: { fallback: 'm1', overrides },
      match: [['name', 'city']],
      ownership: { note: 'fill-empty' },
      marker: 'none',
      blanks: 'clear',
      pace: { businessHours: { days: 'Sat-Mon,wed', from: '00:00', to: '24:00' } },
    });
    expect(full).toMatchObject({
      clavus: {
        pageSize: 50,
        modifiedColumn: 'date_modification',
        fullScanEvery: 88_200_000,
        filter: [{ column: 'statut', operator: 'IN', value: 'signé,prospect' }],
      },
      company: {
        name: { kind: 'from', from: ['raison_sociale', 'nom'], as: 'text' },
        city: { kind: 'from', from: ['ville'], as },
        note: { kind: 'template', parts: [{ text: 'Dossier ' }, { column: 'nom' }] },
        ownerIds: { kind: 'from', from: ['commercial'], as: 'owner' },
      },
      owners: { fallback: 'm1', overrides },
      match: [['name', 'city']],
      ownership: { note: 'fill-empty', name: 'clavus' },
      marker: 'none',
      blanks: 'clear',
      pace: { businessHours: { days: [1, 3, 6, 7], fromMinute: 0, toMinute: 1440, requestsPerSecond: 1 } },
    });
  });

  it('is what the file of the repository is', () => {
    expect(parse(template).company.phone).toEqual({ kind: 'from', from: ['telephone'], as: 'phone' });
  });

  it.each([
    ['Mon', [1]],
    ['Mon,Wed', [1, 3]],
    ['Mon-Fri', weekdays],
    ['fri - mon', [1, 5, 6, 7]],
    ['Tue-Wed, Sun', [2, 3, 7]],
  ])('may have the days %j', (days, expected) => {
    expect(parse({ company, pace: { businessHours: { days } } }).pace.businessHours).toMatchObject({
      days: expected,
    });
  });
});

describe('a mistake in the configuration', () => {
  const field = (rule: unknown) => ({ company: { name: 'nom', phone: rule } });
  const hours = (businessHours: unknown) => ({ company, pace: { businessHours } });
  it.each([
    ['', 'has no default export, which defineSync({ … }) should be', undefined],
    ['', 'expected object', []],
    ['company', 'is required', {}],
    ['company.name', 'is required: a column, { from: column, as: … } or { template: … }', { company: {} }],
    ['', "unknown key 'compagny'; did you mean 'company'?", { company, compagny: 1 }],
    ['company', "unknown key 'phnoe'; did you mean 'phone'?", { company: { name: 'nom', phnoe: 'x' } }],
    ['company.phone', 'expected a column, { from: column, as: … } or { template: … }', field(5)],
    ['company.phone', "unknown key 'format'", field({ from: 'x', format: 'phone' })],
    ['company.phone.from', 'is required', field({ as: 'phone' })],
    ['company.phone.from', 'expected at least one column', field({ from: [] })],
    ['company.phone.from.1', 'expected a column, or a list of columns to join', field({ from: ['x', 5] })],
    [
      'company.phone.as',
      "expected 'text', 'postalCode', 'phone', 'email', 'siren', 'amount' or a function; did you mean 'phone'?",
      field({ from: 'x', as: 'fone' }),
    ],
    [
      'company.phone.template',
      'has a brace without its pair, or without a column in it',
      field({ template: '{a' }),
    ],
    [
      'company.phone.template',
      'has a brace without its pair, or without a column in it',
      field({ template: '{ }' }),
    ],
    ['company.phone', "unknown key 'as'", field({ template: '{a}', as: 'text' })],
    [
      'company.ownerIds.as',
      "expected 'owner' or a function",
      { company: { ...company, ownerIds: { from: 'x', as: 'text' } } },
    ],
    [
      'clavus.fullScanEvery',
      "expected an ISO 8601 duration such as 'PT1H' or 'PT15M'",
      { company, clavus: { fullScanEvery: '1h' } },
    ],
    [
      'settleAfter',
      "expected an ISO 8601 duration such as 'PT1H' or 'PT15M'",
      { company, settleAfter: 'PT0S' },
    ],
    [
      'clavus.filter.0.operator',
      "expected one of '=', '<', '>', '<=', '>=', 'IN', 'CONTAINS'; did you mean 'IN'?",
      { company, clavus: { filter: [{ column: 'a', operator: 'in', value: 'x' }] } },
    ],
    [
      'match.0.0',
      "expected one of 'name', 'city', 'address', 'postalCode', 'phone', 'email'; did you mean 'name'?",
      { company, match: [['note']] },
    ],
    ['onRemoved', "expected one of 'keep', 'flag', 'delete'", { company, onRemoved: 'archive' }],
    [
      'onRemoved',
      "'flag' writes into the name, which ownership.name leaves to Moovago",
      { company, onRemoved: 'flag', ownership: { name: 'create-only' } },
    ],
    [
      'match.0',
      "expected one of 'marker', 'name', 'city', 'address', 'postalCode', 'phone', 'email'",
      { company, match: [5] },
    ],
    [
      'ownership.note',
      "expected one of 'clavus', 'create-only', 'fill-empty'",
      { company, ownership: { note: 'never' } },
    ],
    [
      'pace.timezone',
      "expected a time zone such as 'Europe/Paris'",
      { company, pace: { timezone: 'Paris' } },
    ],
    [
      'pace.otherwise.requestsPerSecond',
      "must be 5 at most, Moovago's limit",
      { company, pace: { otherwise: { requestsPerSecond: 6 } } },
    ],
    ['pace.businessHours.requestsPerSecond', 'must be more than 0', hours({ requestsPerSecond: 0 })],
    [
      'pace.businessHours.days',
      "expected days such as 'Mon-Fri', 'Mon' or 'Mon,Wed'",
      hours({ days: 'Lun-Ven' }),
    ],
    [
      'pace.businessHours.days',
      "expected days such as 'Mon-Fri', 'Mon' or 'Mon,Wed'",
      hours({ days: 'Mon-Tue-Wed' }),
    ],
    ['pace.businessHours', "expected hours such as { days: 'Mon-Fri' }, or false", hours(true)],
    ['pace.businessHours', "expected hours such as { days: 'Mon-Fri' }, or false", hours('none')],
    ['pace.businessHours.from', "expected a time such as '08:00'", hours({ from: '8:00' })],
    ['pace.businessHours.to', "must be later than 'from'", hours({ from: '18:30', to: '08:00' })],
  ])('at %j says: %s', (path, message, value) => {
    const where = path === '' ? 'sync.config.ts' : `sync.config.ts: ${path}`;
    expect(() => parse(value)).toThrow(new ConfigurationError(where, message));
  });

  it('is reported together with all others, one a line', () => {
    const wrong = { company: { name: 'nom', phone: { form: 'x' } }, pilot: -1 };
    expect(() => parse(wrong)).toThrow(
      new ConfigurationError(
        'sync.config.ts: company.phone.from',
        [
          'is required',
          "sync.config.ts: company.phone: unknown key 'form'; did you mean 'from'?",
          'sync.config.ts: pilot: Too small: expected number to be >=0',
        ].join('\n'),
      ),
    );
  });

  it('is always a ConfigurationError, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        expect(() => parse({ company: value, clavus: value })).toThrow(ConfigurationError);
      }),
    );
  });
});
