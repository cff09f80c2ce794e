import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FingerprintMap } from '../../../lib/state/fingerprint-map.ts';

const fingerprint = fc.uint8Array({ minLength: 8, maxLength: 8 });
const entries = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fingerprint), { maxLength: 3000 });

it('knows exactly what a map of strings knows', () => {
  fc.assert(
    fc.property(entries, fc.array(fc.string({ unit: 'binary' })), (known, others) => {
      const map = new FingerprintMap();
      const model = new Map<string, Uint8Array>();
      for (const [id, print] of known) {
        map.set(id, print);
        model.set(id, print);
      }
      expect(map.size).toBe(model.size);
      for (const [id, print] of model) expect([map.matches(id, print), map.has(id)]).toEqual([true, true]);
      for (const id of others) expect(map.has(id)).toBe(model.has(id));
      for (const id of others)
        expect(map.matches(id, new Uint8Array(8))).toBe(model.get(id)?.every((byte) => byte === 0) ?? false);
    }),
    { numRuns: 50 },
  );
});

it('grows with what it is given', () => {
  const map = new FingerprintMap();
  for (let index = 0; index < 20_000; index++)
    map.set(`folder-${index}`, Uint8Array.of(0, 0, 0, 0, 0, 0, index >> 8, index));
  expect(map.size).toBe(20_000);
  expect(map.matches('folder-19999', Uint8Array.of(0, 0, 0, 0, 0, 0, 78, 31))).toBe(true);
});
