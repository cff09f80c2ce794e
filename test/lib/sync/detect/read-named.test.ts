import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../../lib/framework/operation-refused.ts';
import { readNamed } from '../../../../lib/sync/detect/read-named.ts';

const idsTo = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);
const foldersOf = (ids: readonly string[]) => ids.map((id) => ({ id, columns: [] }));
const notRead = { system: 'Clavus', applied: 'no' } as const;

async function read(
  ids: readonly string[],
  answer: (asked: readonly string[]) => readonly string[],
  hasTime = true,
) {
  const asked: number[] = [];
  const taken: string[] = [];
  const getValuesByIds = async (part: readonly string[]) => {
    asked.push(part.length);
    return foldersOf(answer(part));
  };
  const named = await readNamed(
    ids,
    { getValuesByIds, shows: ({ id }) => (id === 'odd' ? [] : ['name']) },
    async (folders) => taken.push(...folders.map(({ id }) => id)),
    async () => hasTime,
  );
  return { ...named, asked, taken };
}

describe('folders that are read by their ids', () => {
  it('are missing where Clavus does not give them, even when asked in few', async () => {
    const { missing, taken } = await read(idsTo(60), (ids) =>
      ids.filter((id) => id !== 'f7' && id !== 'f58'),
    );
    expect(missing).toEqual(['f7', 'f58']);
    expect(taken).toHaveLength(58);
  });

  it('are not missing where Clavus gives the first twenty only, without a word', async () => {
    const { missing, taken } = await read(idsTo(120), (ids) => ids.slice(0, 20));
    expect([missing, new Set(taken).size]).toEqual([[], 120]);
  });

  it('are all missing where all are gone, in a bounded number of requests', async () => {
    const { missing, asked } = await read(idsTo(100), () => []);
    expect(missing).toHaveLength(100);
    expect(asked.length).toBeLessThanOrEqual(22);
  });

  const tooMany = (refusal: Error) => (ids: readonly string[]) => {
    if (ids.length > 20) throw refusal;
    return ids;
  };

  it('are read for one answer at least, however little time there is, and the others are left', async () => {
    const { taken, rest, missing } = await read(
      idsTo(60),
      tooMany(new ConfigurationError('CLAVUS_API_KEY', 'no')),
      false,
    );
    expect(taken.length).toBeGreaterThan(0);
    expect([...taken, ...rest]).toEqual(idsTo(60));
    expect(missing).toEqual([]);
  });

  it.each([
    ['an error', new TryLater('At most 20 ids', { ...notRead, isDivisible: true })],
    ['HTTP 400', new TryLater('not taken', { ...notRead, status: 400 })],
    ['a refusal', new OperationRefused('CLAVUS_API_URL', 'refused', { reason: 'At most 20 ids' })],
  ])('are asked for in smaller parts after %s', async (_, refusal) => {
    const { asked, taken } = await read(idsTo(60), tooMany(refusal));
    expect(taken).toHaveLength(60);
    expect(asked.filter((size) => size > 20).length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['an error', new TryLater('Internal', { ...notRead, isDivisible: true })],
    ['a right that the key lacks', new ConfigurationError('CLAVUS_API_KEY', 'no')],
  ])('are unreadable one by one after %s, and the others are read', async (_, refusal) => {
    const { unreadable, missing, taken } = await read(idsTo(60), (ids) => {
      if (ids.includes('f33')) throw refusal;
      return ids;
    });
    expect([unreadable, missing, taken.length]).toEqual([['f33'], [], 59]);
  });

  it('are unreadable where an answer has none of the mapped columns', async () => {
    expect(await read(['f1', 'odd'], (ids) => ids)).toMatchObject({ unreadable: ['odd'], taken: ['f1'] });
  });

  it('fail where Clavus is in trouble, or nothing of them can be read', async () => {
    const down = new TryLater('down', { ...notRead, status: 503 });
    const failing = (error: Error) => () => {
      throw error;
    };
    await expect(read(idsTo(60), failing(down))).rejects.toBe(down);
    const internal = new TryLater('Internal', { ...notRead, isDivisible: true });
    await expect(read(idsTo(60), failing(internal))).rejects.toBe(internal);
  });
});
