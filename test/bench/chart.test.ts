import { describe, expect, it } from 'vitest';
import { scanChart } from '../../bench/chart.ts';
import type { ScanPoint } from '../../bench/sections/scan.ts';

const point = (folders: number, perFolderUs: number, peakMegabytes: number): ScanPoint => ({
  folders,
  elapsedMs: (perFolderUs * folders) / 1000,
  cpuMs: 1,
  peakMegabytes,
  readUnits: folders / 200,
  folderWriteUnits: 0,
  otherWriteUnits: 3,
  clavusRequests: folders / 200,
  moovagoRequests: 0,
  tableCalls: folders / 100,
  load: { elapsedMs: 0, readUnits: folders / 200 },
  batchGet: { elapsedMs: 0, readUnits: folders / 2 },
});
const points = [point(1000, 200, 150), point(10_000, 100, 160), point(100_000, 100, 200)];
const chart = scanChart(points, '2 cores, A & B');

/** The text of every element with this class. */
const texts = (pattern: RegExp) => [...chart.matchAll(pattern)].map(([, text]) => text);

describe('the chart of the scans', () => {
  it('has a panel each for time, read units, requests and memory, with their units', () => {
    expect(texts(/<text class="name"[^>]*>([^<]*)</g)).toEqual([
      'Time per folder (µs)',
      'Read units per 1000 folders',
      'Requests per 1000 folders',
      'Peak memory of the process (MB)',
    ]);
  });

  it('has folders on a logarithmic axis: ten times as many is the same step everywhere', () => {
    const [line = ''] = texts(/<polyline[^>]*points="([^"]*)"/g);
    const places = (line ?? '').split(' ').map((place) => place.split(',').map(Number));
    const [first = 0, second = 0, third = 0] = places.map(([x = 0]) => x);
    expect(second - first).toBeCloseTo(third - second, 0);
    expect(texts(/text-anchor="middle">([\d,]+)</g).slice(0, 3)).toEqual(['1,000', '10,000', '100,000']);
  });

  it('draws twice as much twice as high, from zero', () => {
    const [line = ''] = texts(/<polyline[^>]*points="([^"]*)"/g);
    const heights = (line ?? '').split(' ').map((place) => 250 - 46 - Number(place.split(',')[1]));
    expect((heights[0] ?? 0) / (heights[1] ?? 1)).toBeCloseTo(2, 1);
    expect(heights[1]).toBe(heights[2]);
  });

  it('can be read on white and on black, and names what it was measured on', () => {
    expect(chart).toContain('prefers-color-scheme: dark');
    expect(chart).toContain('2 cores, A &amp; B');
  });
});
