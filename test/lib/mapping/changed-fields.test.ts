import { describe, expect, it } from 'vitest';
import { changedFields } from '../../../lib/mapping/changed-fields.ts';

describe('changedFields', () => {
  it('are all fields where nothing is known', () => {
    expect(changedFields(undefined, { name: 'A', email: '', ownerIds: [] })).toEqual({
      name: 'A',
      email: '',
      ownerIds: [],
    });
  });

  it('are those that differ, and none that the wanted record does not mention', () => {
    const from = { name: 'A', city: 'Nice', phone: '07 68 45 46 74', ownerIds: ['x'] };
    expect(changedFields(from, { name: 'A', city: 'Niort', email: 'a@exemple.fr' })).toEqual({
      city: 'Niort',
      email: 'a@exemple.fr',
    });
  });

  it('compare owners as sets', () => {
    const from = { name: 'A', ownerIds: ['x', 'y'] };
    expect(changedFields(from, { name: 'A', ownerIds: ['y', 'x'] })).toEqual({});
    expect(changedFields(from, { name: 'A', ownerIds: ['x'] })).toEqual({ ownerIds: ['x'] });
    expect(changedFields(from, { name: 'A', ownerIds: ['x', 'z'] })).toEqual({ ownerIds: ['x', 'z'] });
  });
});
