import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../../lib/mapping/sync-config.ts';
import { driftedFields } from '../../../../lib/sync/reconcile/drifted-fields.ts';

const marker = markerFor('prod', 'f1');
const delivered = {
  name: 'Dupont',
  city: 'Nice',
  phone: '07 68 45 46 74',
  note: `Toiture sud\n${marker}`,
  ownerIds: ['m1', 'm2'],
};

const options = (input: Partial<SyncConfigInput> = {}, readBack: 'all' | 'documented' = 'all') => {
  const { ownership, blanks } = parseSyncConfig(
    { company: { name: 'nom', note: 'notes' }, ...input },
    'test',
  );
  return { ownership, blanks, readBack };
};
const drift = (company: object, given = options(), { applied = delivered, desired = delivered } = {}) =>
  driftedFields({ applied, desired }, { id: 'c1', ...company }, given);

describe('what drifted in Moovago', () => {
  it('is nothing when it holds what was delivered, whatever the order of owners and the spaces at the ends', () => {
    const note = `Toiture sud \r\n${marker}\n`;
    expect(drift({ ...delivered, ownerIds: ['m2', 'm1'], note })).toEqual({});
  });

  it('is every field that somebody edited or emptied, with what is there now', () => {
    const { city, ...others } = { ...delivered, phone: '06 00 00 00 00', ownerIds: [] };
    expect(drift(others)).toEqual({ city: '', phone: '06 00 00 00 00', ownerIds: [] });
    expect(city).toBe('Nice');
  });

  it('is a marker that somebody erased, where the note is ours to write', () => {
    expect(drift({ ...delivered, note: 'Toiture sud' })).toEqual({ note: 'Toiture sud' });
    expect(
      drift({ ...delivered, note: 'Toiture sud' }, options({ ownership: { note: 'create-only' } })),
    ).toEqual({});
    expect(drift({ ...delivered, note: 'Rappeler mardi' }, options({ company: { name: 'nom' } }))).toEqual(
      {},
    );
  });

  it('is not what a rep wrote instead of a marker that stood alone', () => {
    const alone = { ...delivered, note: marker };
    expect(
      drift({ ...alone, note: 'Rappeler mardi' }, options(), { applied: alone, desired: alone }),
    ).toEqual({});
  });

  it('is of a field that is only filled in what was emptied', () => {
    const filled = options({ ownership: { phone: 'fill-empty', city: 'fill-empty' } });
    expect(drift({ ...delivered, phone: '06 00 00 00 00', city: '' }, filled)).toEqual({ city: '' });
  });

  it('is nothing in fields that were never delivered, or that Clavus does not mention any more', () => {
    const { phone, ...withoutPhone } = delivered;
    const company = { ...delivered, phone: '06 00 00 00 00' };
    const clear = options({ blanks: 'clear' });
    expect(
      drift(company, clear, {
        applied: withoutPhone as typeof delivered,
        desired: { ...delivered, phone: '' },
      }),
    ).toEqual({});
    expect(
      drift(company, options(), { applied: delivered, desired: withoutPhone as typeof delivered }),
    ).toEqual({});
    expect(phone).toBe('07 68 45 46 74');
  });

  it('is the name and the owners only, where the other fields cannot be read back', () => {
    const company = { name: 'Dupond', ownerIds: ['m3'] };
    expect(drift(company, options({}, 'documented'))).toEqual({ name: 'Dupond', ownerIds: ['m3'] });
  });
});
