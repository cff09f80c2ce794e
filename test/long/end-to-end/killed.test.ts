import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { jsonOf } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';

/** `KILLS=3 npx vitest run test/long/end-to-end/killed.test.ts` for a shorter one. */
const kills = Number(process.env.KILLS ?? 20);

/** Numbers between 0 and 1 that look like chance and are the same in every run. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const isWrite = ({ operation }: { operation: string }) => /create|update/.test(operation);

it(`sync --once, killed ${kills} times at any moment by SIGKILL while Moovago applies writes and hangs, loses and doubles nothing`, async () => {
  const chance = chanceFrom(7);
  const { clavus, moovago, start, sync } = await installation({
    folders: 120,
    configuration: { ...installedConfig, settleAfter: 'PT6S' },
  });
  for (let killed = 0; killed < kills; ) {
    for (let added = 0; added < 6; added++) clavus.addFolder({ nom: `Nouveau ${killed} ${added}` });
    const ids = [...clavus.folders.keys()];
    for (let edit = 0; edit < 12; edit++)
      clavus.editFolder(ids[Math.floor(chance() * ids.length)] ?? '', {
        ville: `Ville ${Math.floor(chance() * 5)}`,
      });
    moovago.faults.clear();
    moovago.faults.order(
      { kind: 'timeoutAfter' },
      { times: 2, when: (request) => isWrite(request) && chance() < 0.5 },
    );
    const seen = moovago.requests.length;
    const { child, finished } = start();
    const ended = finished.then(() => true);
    const hasWritten = () => moovago.requests.slice(seen).some(isWrite);
    while (!hasWritten() && !(await Promise.race([ended, wait(5, false)])));
    await Promise.race([ended, wait(chance() * 2_500)]);
    child.kill('SIGKILL');
    await finished;
    killed += child.signalCode === 'SIGKILL' ? 1 : 0;
  }
  moovago.faults.clear();
  let last = await sync();
  for (let run = 0; run < 3 && last.status !== 0; run++) last = await sync();
  expect([last.status, jsonOf(last)]).toEqual([0, expect.objectContaining({ failed: 0, pending: 0 })]);

  const companies = [...moovago.companies.values()];
  const wrong = [...clavus.folders.values()].filter((folder) => {
    const own = companies.filter(({ note }) => note?.includes(`:${folder.id}:`));
    const ville = String(folder.get('ville') ?? '');
    return own.length !== 1 || (ville.startsWith('Ville ') && own[0]?.city !== ville);
  });
  expect(wrong.map(({ id }) => id)).toEqual([]);
  expect(companies).toHaveLength(clavus.folders.size);
  expect(moovago.busiestSecond()).toBeLessThanOrEqual(5);
}, 1_200_000);
