import type { Lane, Slot } from '../../lib/moovago/slot.ts';
import type { Pace } from '../../lib/pace/pace.ts';

/** Up to `count` slots, one after the other, from now on; with `until` where there are fewer. */
export async function takeSlots(
  pace: Pick<Pace, 'reserve'>,
  count: number,
  lane: Lane,
  latest: number,
): Promise<{ slots: Slot[]; until?: number }> {
  const slots: Slot[] = [];
  while (slots.length < count) {
    const { slot, until } = await pace.reserve(lane, 0, latest);
    if (slot === undefined) return { slots, until };
    slots.push(slot);
  }
  return { slots };
}
