import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createPaceItem, type PaceItem, type PaceState } from '../../../lib/pace/pace-item.ts';
import { memoryPaceItem, untouched } from '../../support/memory-pace-item.ts';
import { stateTable } from '../../support/state-table.ts';

const kinds = [
  { where: 'in DynamoDB', newItem: async () => createPaceItem(await stateTable()) },
  { where: 'in memory, for tests', newItem: async () => memoryPaceItem() },
];

/** With a slot taken, as the item then stands. */
async function reserved(item: PaceItem, slot: Partial<PaceState>): Promise<PaceState> {
  const seen = await item.read();
  return (await item.change(seen, { ...seen, ...slot })) as PaceState;
}

describe.each(kinds)('the pace item $where', ({ newItem }) => {
  it('is as if nothing had ever happened before the first reservation', async () => {
    expect(await (await newItem()).read()).toEqual(untouched);
  });

  it('lets one of many reserve on what they all saw; the others have to look again', async () => {
    const item = await newItem();
    const seen = await item.read();
    const stored = await Promise.all(
      [1000, 2000, 3000].map((left0) => item.change(seen, { ...seen, nextAt: left0 + 176, left0 })),
    );
    const winners = stored.filter((state) => state !== undefined);
    expect(winners).toHaveLength(1);
    expect(await item.read()).toEqual(winners[0]);
  });

  it('counts no reservation as a change of anything else', async () => {
    const item = await newItem();
    const first = await reserved(item, { left0: 1040, nextAt: 1216 });
    const both = await reserved(item, { left1: 1256, nextAt: 1432 });
    expect(first).toEqual({ ...untouched, left0: 1040, nextAt: 1216 });
    expect(both).toEqual({ ...untouched, left0: 1040, left1: 1256, nextAt: 1432 });
    expect(await item.read()).toEqual(both);
  });

  it('reserves nothing on a state that has changed since', async () => {
    const item = await newItem();
    const seen = await item.read();
    const opened = { ...seen, openUntil: 30_000, openForMs: 20_000, stops: 1 };
    expect(await item.change(seen, opened)).toEqual({ ...opened, revision: 1 });
    expect(await item.change(seen, { ...seen, nextAt: 1216, left0: 1040 })).toBeUndefined();
    expect(await item.read()).toEqual({
      ...untouched,
      revision: 1,
      openUntil: 30_000,
      openForMs: 20_000,
      stops: 1,
    });
  });

  it('lets a request leave later, again and again', async () => {
    const item = await newItem();
    await reserved(item, { left0: 1040, left1: 1256, nextAt: 1432 });
    expect(await item.extend('left1', { left: 1256, stops: 0 }, 1500)).toBe(true);
    expect(await item.extend('left1', { left: 1500, stops: 0 }, 1700)).toBe(true);
    expect(await item.read()).toEqual({ ...untouched, left0: 1040, left1: 1700, nextAt: 1432 });
  });

  it('lets none leave later whose place another one has taken', async () => {
    const item = await newItem();
    await reserved(item, { left0: 1040, nextAt: 1216 });
    await reserved(item, { left0: 2120, nextAt: 2296 });
    expect(await item.extend('left0', { left: 1040, stops: 0 }, 1500)).toBe(false);
    expect(await item.read()).toEqual({ ...untouched, left0: 2120, nextAt: 2296 });
  });

  it('lets none leave later after everybody had to stop', async () => {
    const item = await newItem();
    const taken = await reserved(item, { left0: 1040, nextAt: 1216 });
    await item.change(taken, { ...taken, stops: 1 });
    expect(await item.extend('left0', { left: 1040, stops: 0 }, 1500)).toBe(false);
    expect(await item.extend('left0', { left: 1040, stops: 1 }, 1500)).toBe(true);
  });

  it('reserves nothing while a request gets more time, on which it did not count', async () => {
    const item = await newItem();
    await reserved(item, { left0: 1040, nextAt: 1216 });
    const seen = await item.read();
    await item.extend('left0', { left: 1040, stops: 0 }, 1500);
    expect(await item.change(seen, { ...seen, left0: 2120, nextAt: 2296 })).toBeUndefined();
    expect(await item.read()).toEqual({ ...untouched, left0: 1500, nextAt: 1216 });
  });

  it('lets one of many change what they all saw', async () => {
    const item = await newItem();
    const seen = await item.read();
    const stored = await Promise.all(
      [1, 2, 3, 4, 5].map((failures) => item.change(seen, { ...seen, failures })),
    );
    const winners = stored.filter((state) => state !== undefined);
    expect(winners).toHaveLength(1);
    expect(await item.read()).toEqual(winners[0]);
  });

  it('keeps what others reserve while something else changes', async () => {
    const item = await newItem();
    const seen = await item.read();
    await reserved(item, { left0: 1040, nextAt: 1216 });
    await item.change(seen, { ...seen, failures: 1, probing: true });
    expect(await item.read()).toEqual({
      ...untouched,
      revision: 1,
      nextAt: 1216,
      left0: 1040,
      failures: 1,
      probing: true,
    });
  });

  it('moves the next free moment only from where it was seen', async () => {
    const item = await newItem();
    const seen = await item.read();
    await reserved(item, { left0: 1040, nextAt: 1216 });
    expect(await item.change(seen, { ...seen, nextAt: 5 })).toBeUndefined();
    const next = { ...(await item.read()), nextAt: 5, failures: 1 };
    const stored = { ...untouched, revision: 1, nextAt: 5, left0: 1040, failures: 1 };
    expect(await item.change(await item.read(), next)).toEqual(stored);
    expect(await item.read()).toEqual(stored);
  });
});

describe('the pace item', () => {
  it('goes on from an item that only ever had a next free moment', async () => {
    const table = await stateTable();
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: { pk: 'PACE', sk: 'moovago', nextAt: 7000 } }),
    );
    const item = createPaceItem(table);
    const seen = await item.read();
    expect(seen).toEqual({ ...untouched, nextAt: 7000 });
    const taken = { ...untouched, nextAt: 7216, left0: 7040 };
    expect(await item.change(seen, taken)).toEqual(taken);
    expect(await item.read()).toEqual(taken);
  });

  it('is refused when somebody has written rubbish into it', async () => {
    const table = await stateTable();
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: { pk: 'PACE', sk: 'moovago', openUntil: 'tomorrow' } }),
    );
    await expect(createPaceItem(table).read()).rejects.toThrow('expected number');
  });
});
