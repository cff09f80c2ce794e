import { describe, expect, it } from 'vitest';
import { number, sectionLines } from '../../bench/section-lines.ts';

describe('a section of the report', () => {
  it('shows each figure beside its target, its comparison and the ratio', () => {
    const lines = sectionLines({
      title: 'A backlog',
      comparedWith: 'a plain client',
      figures: [
        { what: 'records a second', unit: '', measured: 115.7, compared: 4.9 },
        { what: 'requests a second', unit: '', measured: 4.63, target: { atLeast: 4.6 }, compared: 4.63 },
        { what: 'peak memory', unit: 'MB', measured: 300.4, target: { atMost: 256 }, compared: 600.8 },
        { what: 'refused', unit: '', measured: 0, target: { atMost: 0 }, compared: 12 },
      ],
      notes: ['On a quiet machine.'],
    });
    expect(lines.slice(0, 3)).toEqual([
      '',
      'A backlog',
      '                                                    measured      target    compared *     ratio',
    ]);
    expect(lines.slice(4)).toEqual([
      'records a second                                         116                       4.9    23.6 ×',
      'requests a second                                       4.63     ≥ 4.6 ✓          4.63       1 ×',
      'peak memory                                           300 MB     ≤ 256 ✗           601       1/2',
      'refused                                                    0       ≤ 0 ✓            12',
      '* a plain client',
      '· On a quiet machine.',
    ]);
  });

  it('has no column for a comparison that was not made', () => {
    const lines = sectionLines({
      title: 'Alone',
      figures: [{ what: 'one', unit: 's', measured: 1.5 }],
    });
    expect(lines[2]).toBe('                                                    measured      target');
    expect(lines.at(-1)).toBe('one                                                    1.5 s');
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.034_56, '0.0346'],
    [4.629_6, '4.63'],
    [25, '25'],
    [99.96, '100'],
    [508.25, '508'],
    [50_006, '50,006'],
    [Number.NaN, '–'],
  ])('%d is written %s', (value, text) => {
    expect(number(value)).toBe(text);
  });
});
