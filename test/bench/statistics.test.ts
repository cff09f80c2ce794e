import { describe, expect, it } from 'vitest';
import { median, quantile } from '../../bench/statistics.ts';

describe('a quantile', () => {
  it('is the value that so many lie at or below, in whatever order they come', () => {
    const values = [9, 2, 7, 1, 10, 4, 3, 8, 6, 5];
    expect(quantile(values, 0.5)).toBe(5);
    expect(quantile(values, 0.95)).toBe(10);
    expect(quantile(values, 0.1)).toBe(1);
  });

  it('takes 95 of 100 to be the 95th', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantile(values, 0.95)).toBe(95);
  });

  it('orders numbers by their size, not as text', () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  it('is no number where there is nothing', () => {
    expect(median([])).toBeNaN();
  });
});
