import { describe, expect, it, vi } from 'vitest';
import { boardSnapshot } from '../../../cli/board/snapshot.ts';
import { foldersInMoovago, installation, installedConfig } from '../../support/installation.ts';
import { patience } from '../../support/patience.ts';
import { breakOffMany } from '../../support/stranger.ts';

describe('sync --board', () => {
  it('shows how things stand on real systems, and lets nobody change them but by a retry', async () => {
    const configuration = { ...installedConfig, settleAfter: 'PT1S' };
    const { clavus, moovago, keepSyncing } = await installation({ folders: 5, configuration });
    moovago.faults.order({ kind: 'errorOnPath', path: 'w2', message: 'Numéro de téléphone invalide' });
    const { seen, child, finished } = keepSyncing('--board', '0', '--ignore-business-hours');
    const shown = await vi.waitUntil(
      () => /(http:\/\/127\.0\.0\.1:\d+\/)#([0-9a-f]{64})\n/.exec(seen()),
      patience,
    );
    const [, url = '', key] = shown;
    const authorization = `Bearer ${key}`;
    const look = async (search = '') =>
      boardSnapshot.parse(
        await (await fetch(`${url}board.json?search=${search}`, { headers: { authorization } })).json(),
      );
    const act = async (action: object) => {
      const headers = { authorization, origin: url.slice(0, -1), 'content-type': 'application/json' };
      return (await fetch(`${url}actions`, { method: 'POST', headers, body: JSON.stringify(action) })).status;
    };
    const isAtRest = async () => {
      const { failed, moovago: shown, waiting } = await look();
      return failed.total === 1 && shown.total === 4 && waiting.live === 0;
    };
    await vi.waitUntil(isAtRest, { ...patience, interval: 500 });

    const made = foldersInMoovago(moovago);
    const refused = [...clavus.folders.keys()].find((id) => !made.includes(id)) ?? '';
    expect(await look()).toMatchObject({
      editing: null,
      clavus: { total: 5 },
      waiting: { live: 0, bulk: 0, deadLetters: 0 },
      pace: { ignoresBusinessHours: true, requestsPerSecond: 5, pilot: 'over' },
      moovago: { total: 4 },
      failed: {
        failures: [
          {
            id: refused,
            folderId: refused,
            entity: 'company',
            kind: 'rejected',
            message: 'Numéro de téléphone invalide',
          },
        ],
      },
    });
    expect((await look()).clavus.folders.map(({ id }) => id).sort()).toEqual(
      [...clavus.folders.keys()].sort(),
    );
    expect((await look(refused)).clavus.folders).toMatchObject([
      { id: refused, status: 'refused', values: null },
    ]);

    // Sixty requests that break off end nothing, and are nobody's trouble.
    const ours = { authorization, origin: url.slice(0, -1), 'content-type': 'application/json' };
    await breakOffMany(Number(new URL(url).port), ours, '/actions');
    expect(seen()).not.toContain('board-failed');
    expect(await act({ action: 'edit', folderId: refused, values: { ville: 'Nice' } })).toBe(403);
    expect(await act({ action: 'add' })).toBe(403);
    // No late request of it can change anything any more: else it waits for the feeder's next minute.
    const [{ since = 0 } = {}] = (await look()).failed.failures;
    await vi.waitUntil(() => Date.now() > since + 2_000, patience);
    expect(await act({ action: 'retry', folderId: refused })).toBe(200);
    await vi.waitUntil(() => moovago.companies.size === 5, { ...patience, interval: 200 });
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());

    child.kill('SIGINT');
    expect((await finished).status).toBe(0);
  });
});
