import { describe, expect, it } from 'vitest';
import type { ColumnValue } from '../../../lib/clavus/folder.ts';
import { createFolderMapper } from '../../../lib/mapping/map-folder.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';

const knownColumns = ['nom', 'notes'].map((name) => ({ id: `id of ${name}`, names: [name] }));
const folder = (values: [string, ColumnValue][]) => ({
  id: 'f1',
  columns: values.map(([name, value]) => ({ id: `id of ${name}`, name, label: null, value })),
});

describe('the mandators of a company', () => {
  const mapMandators = (values: [string, ColumnValue][], blanks: 'keep' | 'clear' = 'keep', known = true) => {
    const mapped = createFolderMapper({
      config: parseSyncConfig(
        { company: { name: 'nom' }, mandators: 'notes', marker: 'none', blanks },
        'sync.config.ts',
      ),
      knownColumns,
      users: [],
      members: [],
      mandators: known ? [{ id: 'd1', name: 'Panneaux SA' }] : undefined,
      stage: 'prod',
    })(folder([['nom', 'A'], ...values]));
    return [mapped.kind === 'mapped' && mapped.record.mandatorIds, mapped.unknownMandators];
  };

  it('are those that Moovago has; the others are named, and keep no folder back', () => {
    expect(mapMandators([['notes', 'panneaux sa, Autre']])).toEqual([['d1'], ['Autre']]);
    expect(mapMandators([['notes', 'Autre']])).toEqual([undefined, ['Autre']]);
  });

  it('are none of our business where the column is blank, unless blanks clear', () => {
    expect(mapMandators([['notes', ' ']])).toEqual([undefined, undefined]);
    expect(mapMandators([['notes', ' ']], 'clear')).toEqual([[], undefined]);
  });

  it('are none of our business where the column is gone, or Moovago’s were never read', () => {
    expect(mapMandators([], 'clear')).toEqual([undefined, undefined]);
    expect(mapMandators([['notes', 'Panneaux SA']], 'clear', false)).toEqual([undefined, undefined]);
  });
});
