import { expect, it } from 'vitest';
import type { User } from '../../../../lib/clavus/folder.ts';
import { parseSyncConfig } from '../../../../lib/mapping/sync-config.ts';
import type { Directory } from '../../../../lib/state/directory.ts';
import { refreshDirectory } from '../../../../lib/sync/detect/refresh-directory.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryDirectory } from '../../../support/memory-stores.ts';

const team = { id: 't1', name: 'Sud', members: [{ id: 'm1', alias: 'Zoé' }] };
const zoe = { id: 'u1', firstName: 'Zoé', lastName: 'Martin', email: null };
const max = { id: 'u2', firstName: 'Max', lastName: 'Le Goff', email: 'max@example.com' };

function refresh({
  teams = [{ id: 'a' }, { id: 'b' }],
  before = undefined as Directory | undefined,
  users = undefined as User[] | undefined,
  listed = team,
  at = 0,
} = {}) {
  const asked: (string | undefined)[] = [];
  const directory = memoryDirectory(before);
  const clavus = {
    getColumns: async () => [
      { id: 'col1', label: 'Nom du client' },
      { id: 'col2', label: null },
    ],
    getTeams: async () => teams.map(({ id }) => ({ id, name: id })),
    getUsers: async (teamId?: string) => {
      asked.push(teamId);
      return users ?? (teamId === 'a' ? [zoe] : [zoe, max]);
    },
    getFolders: async () => ({
      totalCount: 1,
      folders: [{ id: 'f1', columns: [{ id: 'col1', name: 'nom', label: null, value: 'Dupont' }] }],
    }),
  };
  const telemetry = fakeTelemetry();
  const run = refreshDirectory({
    clock: fakeClock(at),
    config: parseSyncConfig({ company: { name: 'nom' } }, 'test'),
    telemetry,
    clavus,
    directory,
    readTeam: async () => listed,
  });
  return { run, asked, saved: () => directory.now };
}

it('the directory holds every name of every column, every user once, and the team', async () => {
  const { run, asked, saved } = refresh();
  const expected = {
    columns: [
      { id: 'col1', names: ['Nom du client', 'nom'] },
      { id: 'col2', names: [] },
    ],
    users: [zoe, max],
    team,
  };
  expect(await run).toEqual(expected);
  expect(saved()).toEqual(expected);
  expect(asked).toEqual(['a', 'b']);
});

it('a column that Clavus no longer shows stays known: it is missing, not a mistake', async () => {
  const before = { columns: [{ id: 'col9', names: ['ancienne'] }], users: [], team };
  expect((await refresh({ before }).run).columns).toContainEqual({ id: 'col9', names: ['ancienne'] });
});

it('users are asked for without a team where Clavus has no teams', async () => {
  const { run, asked } = refresh({ teams: [] });
  expect((await run).users).toEqual([zoe, max]);
  expect(asked).toEqual([undefined]);
});

const minute = 60_000;
const known: Directory = { columns: [], users: [zoe, max], team };

it('people who are missing stay known until they were missing for an hour, in two answers at least', async () => {
  const nobody = { users: [], listed: { ...team, members: [] } };
  const first = await refresh({ before: known, ...nobody, at: 100 * minute }).run;
  expect(first.users).toEqual([
    { ...zoe, missingSince: 100 * minute },
    { ...max, missingSince: 100 * minute },
  ]);
  expect(first.team.members).toEqual([{ id: 'm1', alias: 'Zoé', missingSince: 100 * minute }]);
  const soon = await refresh({ before: first, ...nobody, at: 159 * minute }).run;
  expect([soon.users.length, soon.team.members.length]).toEqual([2, 1]);
  // They are back: nothing is remembered of it.
  expect((await refresh({ before: soon, at: 160 * minute }).run).users).toEqual([zoe, max]);
  const gone = await refresh({ before: soon, ...nobody, at: 160 * minute }).run;
  expect([gone.users, gone.team.members]).toEqual([[], []]);
});

it('a column that was made again has its name under the new id', async () => {
  const before = { ...known, columns: [{ id: 'col0', names: ['Nom du client', 'nom', 'vieux nom'] }] };
  expect((await refresh({ before }).run).columns).toEqual([
    { id: 'col0', names: ['vieux nom'] },
    { id: 'col1', names: ['Nom du client', 'nom'] },
    { id: 'col2', names: [] },
  ]);
});

it('the key of another team is refused, and nothing is stored', async () => {
  const { run, saved } = refresh({ before: known, listed: { ...team, id: 't2', name: 'Nord' } });
  await expect(run).rejects.toThrow(
    'MOOVAGO_API_KEY: the key is that of team "Nord" (t2), and everything so far was written to team "Sud" (t1). ' +
      'Put the key of that team back. For another team, begin with another stage or another --data-dir.',
  );
  expect(saved()).toEqual(known);
});
