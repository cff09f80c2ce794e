import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../../lib/clavus/folder.ts';
import { ConfigurationError } from '../../../../lib/framework/errors.ts';
import { watchColumns } from '../../../../lib/sync/detect/watch-columns.ts';

const folders = (count: number, ...fields: string[]): Folder[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `f${index}`,
    columns: fields.map((id) => ({ id, name: null, label: null, value: '' })),
  }));
const watcher = () =>
  watchColumns({
    fields: () => ['name', 'city', 'phone'],
    shows: ({ columns }) => columns.map(({ id }) => id),
  });

describe('columns that no folder shows', () => {
  it('are told at the end, and a blank one is shown', () => {
    const { watch, notShown } = watcher();
    watch(folders(20, 'name'));
    watch([...folders(3, 'name'), ...folders(1, 'name', 'city')]);
    expect(notShown()).toEqual(['phone']);
  });

  it('are none where there are no folders', () => {
    const { watch, notShown } = watcher();
    watch([]);
    expect(notShown()).toEqual([]);
  });

  it('stop everything when they are all that a name is made of', () => {
    const { watch } = watcher();
    watch(folders(10, 'name'));
    expect(() => watch(folders(10, 'city'))).toThrow(ConfigurationError);
    expect(() => watch(folders(10, 'city'))).toThrow('company.name: Clavus shows none of its columns');
  });

  it('are a matter of a few folders where they are few', () => {
    const { watch } = watcher();
    expect(() => watch(folders(9, 'city'))).not.toThrow();
  });
});
