import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keptDays, keptUntil, whyNotForgotten } from '../../cli/commands/run-forget.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';

const config = parseSyncConfig({ company: { name: 'nom' } }, 'test');

describe('forget says', () => {
  it('until which day a stage keeps what was erased', () => {
    const night = Date.parse('2026-11-28T23:30:00Z');
    expect(keptUntil(night, config)).toEqual({
      backups: '2027-01-03',
      logs: '2026-12-29',
      queues: '2026-12-13',
    });
  });

  it('the days that serverless.yml sets', () => {
    const text = readFileSync('serverless.yml', 'utf8');
    expect(text).toContain('logRetentionDays: 30\n');
    const retention = [...text.matchAll(/MessageRetentionPeriod: (\d+)/g)].map(([, seconds]) =>
      Number(seconds),
    );
    expect(Math.max(...retention)).toBe(14 * 86_400);
    expect(text).toContain('PointInTimeRecoveryEnabled: true');
    // Without it, DynamoDB keeps 35 days.
    expect(text).not.toContain('RecoveryPeriodInDays');
    expect(keptDays).toEqual({ backups: 35, logs: 30, queues: 14 });
  });

  it.each([
    [{ refused: 'unknown' as const }, 'the connector keeps nothing of it.'],
    [
      { refused: 'removing' as const },
      'this folder is gone from Clavus, and Moovago does not know it yet. Try again after the next delivery.',
    ],
    [
      { refused: 'under-way' as const, until: Date.parse('2026-11-28T12:15:00+01:00') },
      'a request of it is under way, or its outcome is not known yet. Try again after 12:15:00.',
    ],
    [{ refused: 'owned' as const, by: 'f2' }, 'npx clavus-moovago forget f2 --stage prod'],
  ])('why it refuses: $refused', (refusal, text) => {
    expect(whyNotForgotten('f1', refusal, { stage: 'prod', config })).toContain(text);
  });
});
