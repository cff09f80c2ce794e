import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createPaceItem } from '../../../lib/state/pace-item.ts';
import { memoryPaceItem, untouched } from '../../support/memory-pace-item.ts';
import { stateTable } from '../../support/state-table.ts';

const kinds = [
  { where: 'in DynamoDB', newItem: async () => createPaceItem(await stateTable()) },
  { where: 'in memory, for tests', newItem: async () => memoryPaceItem() },
];

describe.each(kinds)('the pace item $where', ({ newItem }) => {
  it('is as if nothing had ever happened before the first reservation', async () => {
    expect(await (await newItem()).read()).toEqual(untouched);
  });

  it('gives every caller a stretch of its own, however many ask at once', async () => {
    const item = await newItem();
    await item.reserve(await item.read(), { from: 1000, beginBy: 60_000, lengthMs: 216 });
    const seen = await item.read();
    const begins = await Promise.all(
      Array.from({ length: 20 }, () => item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 })),
    );
    expect(begins.sort((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 20 }, (_, index) => 1216 + index * 216),
    );
  });

  it('lets one of many begin afresh; the others have to look again', async () => {
    const item = await newItem();
    const seen = await item.read();
    const begins = await Promise.all(
      Array.from({ length: 5 }, () => item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 })),
    );
    expect(begins.filter((begin) => begin !== undefined)).toEqual([1000]);
    expect(await item.read()).toEqual({ ...untouched, nextAt: 1216 });
  });

  it('starts from now when the last reservation has passed', async () => {
    const item = await newItem();
    await item.reserve(await item.read(), { from: 1000, beginBy: 60_000, lengthMs: 216 });
    const seen = await item.read();
    expect(await item.reserve(seen, { from: 5000, beginBy: 60_000, lengthMs: 216 })).toBe(5000);
  });

  it('has no stretch that would begin too late', async () => {
    const item = await newItem();
    await item.reserve(await item.read(), { from: 1000, beginBy: 1000, lengthMs: 8000 });
    const seen = await item.read();
    expect(await item.reserve(seen, { from: 1000, beginBy: 8999, lengthMs: 216 })).toBeUndefined();
    expect(await item.reserve(seen, { from: 1000, beginBy: 9000, lengthMs: 216 })).toBe(9000);
    expect(await item.read()).toEqual({ ...untouched, nextAt: 9216 });
  });

  it('reserves nothing on a state that has changed since', async () => {
    const item = await newItem();
    const seen = await item.read();
    const opened = { ...seen, openUntil: 30_000, openForMs: 20_000, stops: 1 };
    expect(await item.change(seen, opened)).toEqual({ ...opened, revision: 1 });
    expect(await item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 })).toBeUndefined();
    expect(await item.read()).toEqual({
      ...untouched,
      revision: 1,
      openUntil: 30_000,
      openForMs: 20_000,
      stops: 1,
    });
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
    await item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 });
    await item.change(seen, { ...seen, failures: 1, probing: true });
    expect(await item.read()).toEqual({
      ...untouched,
      revision: 1,
      nextAt: 1216,
      failures: 1,
      probing: true,
    });
  });

  it('moves the next free moment only from where it was seen', async () => {
    const item = await newItem();
    const seen = await item.read();
    await item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 });
    expect(await item.change(seen, { ...seen, nextAt: 5 })).toBeUndefined();
    const next = { ...(await item.read()), nextAt: 5 };
    expect(await item.change(await item.read(), next)).toEqual({ ...untouched, revision: 1, nextAt: 5 });
    expect(await item.read()).toEqual({ ...untouched, revision: 1, nextAt: 5 });
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
    expect(await item.reserve(seen, { from: 1000, beginBy: 60_000, lengthMs: 216 })).toBe(7000);
  });

  it('is refused when somebody has written rubbish into it', async () => {
    const table = await stateTable();
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: { pk: 'PACE', sk: 'moovago', openUntil: 'tomorrow' } }),
    );
    await expect(createPaceItem(table).read()).rejects.toThrow('expected number');
  });
});
