import { describe, expect, it } from 'vitest';
import { fieldsToSend } from '../../../lib/mapping/fields-to-send.ts';
import { markerFor } from '../../../lib/mapping/marker.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../lib/mapping/sync-config.ts';

const settings = (input: Partial<SyncConfigInput> = {}) => {
  const { ownership, blanks } = parseSyncConfig(
    { company: { name: 'nom', note: 'notes' }, ...input },
    'test',
  );
  return { ownership, blanks };
};
const marker = markerFor('prod', '1');

describe('fieldsToSend', () => {
  it('sends a new company all that is not blank, whoever owns it later', () => {
    const desired = { name: 'A', email: '', note: marker, ownerIds: [] };
    const options = settings({ ownership: { note: 'create-only', name: 'fill-empty' } });
    expect(fieldsToSend({ desired, ...options })).toEqual({ name: 'A', note: marker });
  });

  it('sends an existing company what differs', () => {
    const applied = { name: 'A', city: 'Nice', note: 'x' };
    const desired = { name: 'A', city: 'Niort', note: 'y' };
    expect(fieldsToSend({ applied, desired, ...settings() })).toEqual({ city: 'Niort', note: 'y' });
  });

  it('empties nothing that is for whoever fills it first', () => {
    const options = settings({ ownership: { phone: 'fill-empty' }, blanks: 'clear' });
    expect(fieldsToSend({ applied: { name: 'A' }, desired: { name: 'A', phone: '' }, ...options })).toEqual(
      {},
    );
  });

  it('leaves what belongs to the reps once the company is there', () => {
    const options = settings({
      ownership: { note: 'create-only', phone: 'fill-empty', email: 'fill-empty' },
    });
    const applied = { name: 'A', phone: '07 68 45 46 74', email: '', note: 'x', ownerIds: ['m1'] };
    const desired = {
      name: 'B',
      phone: '04 93 12 34 56',
      email: 'a@exemple.fr',
      note: 'y',
      ownerIds: ['m2'],
    };
    expect(fieldsToSend({ applied, desired, ...options })).toEqual({
      name: 'B',
      email: 'a@exemple.fr',
      ownerIds: ['m2'],
    });
  });

  it('sends nothing when nothing is left to say', () => {
    expect(fieldsToSend({ applied: { name: 'A' }, desired: { name: 'A' }, ...settings() })).toEqual({});
  });

  it('does not empty a note because its column is blank, unless blanks are orders', () => {
    const applied = { name: 'A', note: 'Rappeler mardi' };
    const desired = { name: 'A', note: marker };
    expect(fieldsToSend({ applied, desired, ...settings() })).toEqual({});
    expect(fieldsToSend({ applied, desired, ...settings({ blanks: 'clear' }) })).toEqual({ note: marker });
  });

  it('never replaces a note that is not mapped', () => {
    const options = settings({ company: { name: 'nom' }, blanks: 'clear' });
    const applied = { name: 'A', note: 'Rappeler mardi' };
    expect(fieldsToSend({ applied, desired: { name: 'A', note: marker }, ...options })).toEqual({});
  });
});
