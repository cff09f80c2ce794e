import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../lib/mapping/fingerprint.ts';
import type { MappedFolder } from '../../../lib/mapping/map-folder.ts';
import { type CompanyRecord, textFields } from '../../../lib/moovago/company.ts';

const mapped = (record: CompanyRecord): MappedFolder => ({ kind: 'mapped', record });
const hex = (folder: MappedFolder) => Buffer.from(fingerprint(folder)).toString('hex');

const text = fc.string({ unit: 'binary' });
const record: fc.Arbitrary<CompanyRecord> = fc.record(
  { ...Object.fromEntries(textFields.map((field) => [field, text])), ownerIds: fc.array(text) },
  { requiredKeys: [] },
);

describe('fingerprint', () => {
  it('is eight bytes, which only a new version of the function changes', () => {
    const folder = mapped({ name: 'Moovago', city: 'Niort', ownerIds: ['XYZ'] });
    expect(fingerprint(folder)).toEqual(Uint8Array.from([169, 98, 31, 204, 78, 16, 212, 39]));
  });

  it('does not depend on the order of keys and owners, on absent fields, or on how accents are composed', () => {
    expect(
      hex(mapped({ city: 'Niort', name: 'He\u0301le\u0300ne', ownerIds: ['b', 'a'], phone: undefined })),
    ).toBe(hex(mapped({ ownerIds: ['a', 'b'], name: 'H\u00E9l\u00E8ne', city: 'Niort' })));
  });

  it('is the same for the same record with its keys in another order', () => {
    fc.assert(
      fc.property(record, (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        expect(hex(mapped(reversed))).toBe(hex(mapped(fields)));
      }),
    );
  });

  it('tells any two records apart', () => {
    fc.assert(
      fc.property(record, fc.constantFrom(...textFields), text, (fields, field, other) => {
        fc.pre(fields[field]?.normalize('NFC') !== other.normalize('NFC'));
        expect(hex(mapped({ ...fields, [field]: other }))).not.toBe(hex(mapped(fields)));
      }),
    );
  });

  it('tells absent from empty, one field from another, and lone surrogates from each other', () => {
    const folders = [
      mapped({}),
      mapped({ note: '' }),
      mapped({ city: '' }),
      mapped({ name: '\uD800' }),
      mapped({ name: '\uD801' }),
      mapped({ ownerIds: [] }),
      mapped({ ownerIds: ['a', 'b'] }),
      mapped({ ownerIds: ['ab'] }),
      { kind: 'unmappable', field: 'company.name', reason: 'nom is empty' },
      { kind: 'unmappable', field: 'company.name', reason: 'its function threw an error' },
    ] satisfies MappedFolder[];
    expect(new Set(folders.map(hex)).size).toBe(folders.length);
  });
});
