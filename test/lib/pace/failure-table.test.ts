import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../lib/framework/operation-refused.ts';
import { SlotMissed } from '../../../lib/moovago/slot.ts';
import { failureKind, failureTable, rowRuleOf } from '../../../lib/pace/failure-table.ts';

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
