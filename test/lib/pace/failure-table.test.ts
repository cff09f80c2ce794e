import { describe, expect, it } from 'vitest';
import { ConfigurationError, Rejected, TryLater } from '../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../lib/framework/operation-refused.ts';
import { SlotMissed } from '../../../lib/moovago/slot.ts';
import { failureKind, failureTable, prospectRuleOf, rowRuleOf } from '../../../lib/pace/failure-table.ts';

const later = (applied: 'no' | 'unknown', status?: number) =>
  new TryLater('said', { system: 'Moovago', applied, ...(status === undefined ? {} : { status }) });
const operation = new OperationRefused('MOOVAGO_API_URL', 'refused', { reason: 'said' });
const moment = { now: 1_000_000, freeFrom: 1_020_000, attempts: 3, chance: 0.5 };

describe('a failure', () => {
  it.each([
    { error: new SlotMissed('late'), records: 25, kind: 'missed', row: 'another-slot' },
    { error: operation, records: 25, kind: 'divisible', row: 'halves' },
    { error: operation, records: 1, kind: 'configuration', row: 'again' },
    { error: later('no', 413), records: 25, kind: 'divisible', row: 'halves' },
    { error: later('no', 413), records: 1, kind: 'refused', row: 'refuse' },
    {
      error: new ConfigurationError('MOOVAGO_API_KEY', 'refused'),
      records: 25,
      kind: 'configuration',
      row: 'again',
    },
    { error: later('no', 429), records: 25, kind: 'throttled', row: 'again' },
    { error: later('no'), records: 25, kind: 'unreachable', row: 'again' },
    { error: later('unknown', 503), records: 25, kind: 'unknown', row: 'settle' },
    { error: new Error('unforeseen'), records: 25, kind: 'unknown', row: 'settle' },
  ])('$error.name of $records records is $kind: $row', ({ error, records, kind, row }) => {
    expect(failureKind(error, records)).toBe(kind);
    expect(rowRuleOf(failureKind(error, records)).kind).toBe(row);
  });

  it('lets its rows come back after five minutes for a person, when the pace lets them, or after a back-off', () => {
    expect(failureTable.configuration.row.at(moment)).toBe(1_300_000);
    expect(failureTable.throttled.row.at(moment)).toBe(1_020_000);
    // The fourth attempt: 40 s, of which chance takes a quarter off.
    expect(failureTable.unreachable.row.at(moment)).toBe(1_030_000);
    // Five minutes at most.
    expect(failureTable.unreachable.row.at({ ...moment, attempts: 30, chance: 0 })).toBe(1_300_000);
  });

  it('counts as an attempt, but for one that came too early', () => {
    expect(failureTable.configuration.row.isFailure).toBe(true);
    expect(failureTable.unreachable.row.isFailure).toBe(true);
    expect(failureTable.throttled.row.isFailure).toBe(false);
  });
});

describe('a failure of a request to Clavus', () => {
  const said = { system: 'Clavus', reason: 'said' } as const;
  const operationInDoubt = new OperationRefused('CLAVUS_API_URL', 'refused', {
    reason: 'said',
    applied: 'unknown',
  });
  const key = (applied?: 'unknown') => new ConfigurationError('CLAVUS_API_KEY', 'refused', { applied });

  it.each([
    ['a refused prospect', new Rejected('refused', said), 'refuse'],
    ['a refused document', operation, 'refuse'],
    ['a refused document that may have been applied', operationInDoubt, 'stop-in-doubt'],
    ['a refused key', key(), 'stop'],
    ['a refused key, after some of it may have been applied', key('unknown'), 'stop-in-doubt'],
    ['a request that did not arrive', later('no'), 'again'],
    ['a status about the data', later('no', 422), 'again'],
    ['a request that came too early', later('no', 429), 'again'],
    ['a request that came too early and may have been applied', later('unknown', 429), 'resolve'],
    ['an answer that never came', later('unknown'), 'resolve'],
    ['an unforeseen error', new Error('unforeseen'), 'stop-in-doubt'],
    ['a text that was thrown', 'unforeseen', 'stop-in-doubt'],
  ])('%s', (_, error, rule) => {
    expect(prospectRuleOf(error)).toBe(rule);
  });
});
