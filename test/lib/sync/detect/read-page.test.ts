import { describe, expect, it } from 'vitest';
import type { FolderPage } from '../../../../lib/clavus/folder.ts';
import { TryLater } from '../../../../lib/framework/errors.ts';
import { createPageReader } from '../../../../lib/sync/detect/read-page.ts';

const folderIds = (page: FolderPage) => page.folders.map(({ id }) => id);
const all = Array.from({ length: 30 }, (_, n) => ({ id: `f${n}`, columns: [] }));
const fails = () => new TryLater('Internal', { system: 'Clavus', applied: 'no', isDivisible: true });

function clavus(pageSize: number, isFailing: (from: number, size: number) => boolean, parts?: number) {
  const asked: [number, number][] = [];
  const reader = createPageReader(pageSize, parts, async (page, size) => {
    asked.push([page, size]);
    const from = (page - 1) * size;
    if (isFailing(from, size)) throw fails();
    return { totalCount: all.length, folders: all.slice(from, from + size) };
  });
  return { ...reader, asked };
}

describe('a page of Clavus', () => {
  it('is read at once where that works', async () => {
    const { read, asked, parts } = clavus(20, () => false);
    expect(folderIds(await read(2))).toEqual(all.slice(20).map(({ id }) => id));
    expect([asked, parts()]).toEqual([[[2, 20]], undefined]);
  });

  it('that is too heavy is read in parts, and so are the next ones', async () => {
    const { read, asked, parts } = clavus(20, (_, size) => size > 5);
    expect(await read(1)).toEqual({ totalCount: 30, folders: all.slice(0, 20) });
    expect(parts()).toBe(5);
    asked.length = 0;
    expect(await read(2)).toEqual({ totalCount: 30, folders: all.slice(20) });
    expect(asked).toEqual([
      [5, 5],
      [6, 5],
      [7, 5],
    ]);
    expect(clavus(20, () => false, 5).parts()).toBe(5);
    // Another page size in the configuration: what was found says nothing.
    expect(clavus(12, () => false, 5).parts()).toBeUndefined();
  });

  it('with a folder that fails always names its place, and the others are read', async () => {
    const { read, parts } = clavus(20, (from, size) => from <= 7 && 7 < from + size);
    expect(await read(1)).toEqual({
      totalCount: 30,
      folders: all.slice(0, 20).filter((_, place) => place !== 7),
      unreadable: [{ place: 7 }],
    });
    expect(parts()).toBeUndefined();
    expect(folderIds(await read(2))).toHaveLength(10);
  });

  it('goes back for folders that slid onto a part that was read, as one before them was deleted', async () => {
    const left = [...all];
    let isFirst = true;
    const { read } = createPageReader(20, 5, async (page, size) => {
      if (page === 3 && isFirst) left.splice(0, 1);
      if (page === 3) isFirst = false;
      return { totalCount: left.length, folders: left.slice((page - 1) * size, page * size) };
    });
    expect(folderIds(await read(1)).sort()).toEqual(
      all
        .slice(0, 21)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('goes back for a folder that slid onto a part that was read, as one before it moved to the end; the count says nothing', async () => {
    let list = all.slice(0, 4);
    let isFirst = true;
    const { read } = createPageReader(5, 1, async (page) => {
      const [first] = list;
      if (page === 4 && isFirst && first) list = [...list.slice(1), first];
      if (page === 4) isFirst = false;
      const folders = list.slice(page - 1, page);
      return { totalCount: folders.length, folders };
    });
    expect(folderIds(await read(1)).sort()).toEqual(
      all
        .slice(0, 4)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('fails where no folder of it can be read, after a few requests', async () => {
    const { read, asked } = clavus(20, () => true);
    await expect(read(1)).rejects.toMatchObject({ message: 'Internal' });
    expect(asked.length).toBeLessThan(20);
  });

  it('fails where Clavus is in trouble', async () => {
    const down = new TryLater('down', { system: 'Clavus', applied: 'unknown', status: 503 });
    const { read } = createPageReader(20, undefined, () => Promise.reject(down));
    await expect(read(1)).rejects.toBe(down);
  });
});
