import { describe, expect, it } from 'vitest';
import { readOptions } from '../../bench/options.ts';

describe('the options of the bench', () => {
  it('take a few minutes unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      backlog: 2000,
      sizes: [1000, 10_000, 100_000],
      largest: { companies: 100_000, folders: 1_000_000 },
      sections: new Set([
        'delivery',
        'busyDelivery',
        'scan',
        'coldStart',
        'latency',
        'createCost',
        'identity',
      ]),
    });
  });

  it('go up to a million folders when all is wanted', () => {
    expect(readOptions(['--full'])).toMatchObject({
      backlog: 20_000,
      sizes: [1000, 10_000, 100_000, 1_000_000],
    });
  });

  it('take a backlog of any size, in a full run too', () => {
    expect(readOptions(['--full', '--folders', '500'])).toMatchObject({ backlog: 500 });
  });

  it('leave parts out', () => {
    expect(readOptions(['--only', 'scan,coldStart'])).toMatchObject({
      sections: new Set(['scan', 'coldStart']),
    });
  });

  it('say what is wrong with them', () => {
    expect(() => readOptions(['--folders', 'many'])).toThrow('--folders takes a whole number from 1 on.');
    expect(() => readOptions(['--only', 'scans'])).toThrow("there is no 'scans'");
    expect(() => readOptions(['--fast'])).toThrow('--fast');
  });

  it('explain themselves', () => {
    expect(readOptions(['--help', '--full'])).toBe('help');
  });
});
