import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../lib/framework/errors.ts';
import { retryReading } from '../../../lib/jobs/retry-reading.ts';
import { SlotMissed } from '../../../lib/moovago/slot.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const trouble = (retryAfterMs?: number) =>
  new TryLater('no answer', { system: 'Clavus', applied: 'no', ...(retryAfterMs ? { retryAfterMs } : {}) });

/** Reads that fail in turn, and then succeed. */
function reading(...failures: Error[]) {
  const clock = fakeClock(0);
  const at: number[] = [];
  const read = async () => {
    at.push(clock.now());
    const failure = failures.shift();
    if (failure) throw failure;
    return 'read';
  };
  return { at, result: () => retryReading(read, clock) };
}

describe('reading again', () => {
  it('waits longer every time', async () => {
    const { at, result } = reading(trouble(), trouble(), trouble());
    expect(await result()).toBe('read');
    expect(at).toEqual([0, 500, 1500, 3500]);
  });

  it('waits as long as the service asks', async () => {
    const { at, result } = reading(trouble(4000));
    await result();
    expect(at).toEqual([0, 4000]);
  });

  it('gives up after four times, and where the service asks for more patience than a run has', async () => {
    await expect(reading(trouble(), trouble(), trouble(), trouble()).result()).rejects.toThrow('no answer');
    const patient = reading(trouble(60_000));
    await expect(patient.result()).rejects.toThrow('no answer');
    expect(patient.at).toEqual([0]);
  });

  it('takes another slot at once when one was missed: that was no attempt', async () => {
    const { at, result } = reading(...Array.from({ length: 9 }, () => new SlotMissed('late')), trouble());
    expect(await result()).toBe('read');
    expect(at).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500]);
  });

  it('does not try again what a person has to mend', async () => {
    const { at, result } = reading(new ConfigurationError('CLAVUS_API_KEY', 'is refused'));
    await expect(result()).rejects.toThrow('is refused');
    expect(at).toEqual([0]);
  });
});
