import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from '../../../../lib/pace/pace.ts';
import { memoryPaceItem } from '../../../support/memory-pace-item.ts';
import { created, due, scriptedDelivery, start } from '../../../support/scripted-delivery.ts';

/** Time goes on for all workers together. */
const clock = {
  now: () => Date.now(),
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms))),
  random: () => 0.5,
  set: () => {},
};

/** Workers that begin at the same moment, each with so many documents of one record. */
function workersTogether(names: readonly string[], documents: number) {
  const pace = createPace(
    { otherwise: { requestsPerSecond: 5 } },
    { item: memoryPaceItem(), clock, onReset: () => {} },
  );
  const sent: { by: string; at: number }[] = [];
  const runs = names.map((by) => {
    const rows = Array.from({ length: documents }, (_, index) => due(`${by}${index}`, 'Dupont'));
    const answer: typeof created = (...call) => {
      sent.push({ by, at: clock.now() - start });
      return created(...call);
    };
    return scriptedDelivery(rows, answer, { clock, pace }).run(undefined, 1);
  });
  return { sent, runs };
}

describe('sending documents in turn', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets the worker that was first send all that it has before the others: they do not go on in step', async () => {
    const { sent, runs } = workersTogether(['a', 'b', 'c'], 4);
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(runs);
    expect(sent.map(({ by }) => by).join('')).toBe('abcaaabbbccc');
    expect(sent.map(({ at }) => at)).toEqual([
      100, 312, 524, 736, 948, 1160, 1372, 1584, 1796, 2008, 2220, 2432,
    ]);
  });
});
