import { describe, expect, it } from 'vitest';
import { FingerprintMap } from '../../../../lib/state/fingerprint-map.ts';
import type { FolderRows } from '../../../../lib/state/folder-rows.ts';
import { createChangeDetector } from '../../../../lib/sync/detect/detect-changes.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';
import { memoryCursor } from '../../../support/memory-stores.ts';
import { folder } from '../../../support/polled-clavus.ts';

/** A detector whose first write of a row comes last, as when its answer is lost and it is repeated. */
function slowFirstWrite() {
  const store = memoryRows();
  const saved: string[][] = [];
  let writes = 0;
  const change: FolderRows['change'] = async (...given) => {
    if (++writes === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    return store.change(...given);
  };
  const detector = createChangeDetector(
    {
      mapFolder: ({ columns }) => ({ kind: 'mapped', record: { name: String(columns[0]?.value ?? '') } }),
      known: new FingerprintMap(),
      unsettled: ['a'],
      bulkAbove: 100,
      changedBefore: 0,
      changesMax: 100,
    },
    {
      telemetry: fakeTelemetry(),
      clock: fakeClock('2026-11-24T20:00:00+01:00'),
      rows: { ...store, change },
      cursor: memoryCursor(),
      fingerprints: {
        save: async (entries) => {
          saved.push(entries.map(({ folderId }) => folderId));
        },
      },
    },
  );
  return { detector, store, saved };
}

describe('a folder that one poll reads twice', () => {
  it('is stored once, as it was read last', async () => {
    const { detector, store, saved } = slowFirstWrite();
    expect(await detector.take([folder('a', 'before')])).toEqual(['a']);
    expect(await detector.take([folder('a', 'edited meanwhile'), folder('b', 'other')])).toEqual(['a', 'b']);
    expect(await detector.finish(true)).toEqual({
      scanned: 2,
      changed: 2,
      unchanged: 0,
      failed: 0,
      unreadable: 0,
    });
    expect(store.all.get('a')).toMatchObject({
      revision: 1,
      desired: { record: { name: 'edited meanwhile' } },
    });
    expect(saved).toEqual([['a', 'b']]);
  });
});
