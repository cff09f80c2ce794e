import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FingerprintMap } from '../../../lib/state/fingerprint-map.ts';
import { packIds, SeenFolders } from '../../../lib/state/seen-folders.ts';

const ids = fc.array(fc.string({ unit: 'binary' }), { maxLength: 2500 });

it('knows exactly what a set of strings knows, packed and unpacked too', () => {
  fc.assert(
    fc.property(ids, ids, (added, others) => {
      const seen = new SeenFolders();
      const model = new Set<string>();
      for (const id of added) {
        expect(seen.add(id)).toBe(!model.has(id));
        model.add(id);
      }
      const again = new SeenFolders();
      again.addPacked(packIds(added));
      expect([seen.size, again.size]).toEqual([model.size, model.size]);
      for (const id of [...added, ...others])
        expect([seen.has(id), again.has(id)]).toEqual([model.has(id), model.has(id)]);
    }),
    { numRuns: 50 },
  );
});

it('takes eight bytes a folder, packed', () => {
  expect(packIds(['a', 'b', 'c']).byteLength).toBe(24);
});

it('tells which of the known folders it has not seen', () => {
  const known = new FingerprintMap();
  for (const id of ['a', 'b', 'c']) known.set(id, new Uint8Array(8));
  const seen = new SeenFolders();
  seen.add('b');
  expect([...known.hashes()].filter((id) => !seen.hasHash(id))).toHaveLength(2);
});
