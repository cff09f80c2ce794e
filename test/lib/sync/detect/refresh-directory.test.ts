import { expect, it } from 'vitest';
import type { Directory } from '../../../../lib/state/directory.ts';
import { refreshDirectory } from '../../../../lib/sync/detect/refresh-directory.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryDirectory } from '../../../support/memory-stores.ts';

const team = { id: 't1', name: 'Sud', members: [{ id: 'm1', alias: 'Zoé' }] };
const zoe = { id: 'u1', firstName: 'Zoé', lastName: 'Martin', email: null };
const max = { id: 'u2', firstName: 'Max', lastName: 'Le Goff', email: 'max@example.com' };

function refresh({ teams = [{ id: 'a' }, { id: 'b' }], before = undefined as Directory | undefined } = {}) {
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
      return teamId === 'a' ? [zoe] : [zoe, max];
    },
    getFolders: async () => ({
      totalCount: 1,
      folders: [{ id: 'f1', columns: [{ id: 'col1', name: 'nom', label: null, value: 'Dupont' }] }],
    }),
  };
  const telemetry = fakeTelemetry();
  const run = refreshDirectory({ telemetry, clavus, directory, readTeam: async () => team });
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
