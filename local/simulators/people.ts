import type { Team } from '../../lib/moovago/company.ts';
import type { ClavusTeam, ClavusUser } from './tenant.ts';

/** The teams of the simulated installer in Clavus. */
export const clavusTeams: ClavusTeam[] = [
  {
    id: 'clt4m0s2x0001equipe1sudest',
    name: 'Équipe Sud-Est',
    description: 'Alpes, Provence, Corse',
    color: '#f59e0b',
  },
  {
    id: 'clt4m0s2x0002equipe2ouest0',
    name: 'Équipe Ouest',
    description: 'De Lille à Bayonne',
    color: '#2563eb',
  },
  {
    id: 'clt4m0s2x0003equipe3dom000',
    name: 'Équipe Outre-mer',
    description: 'La Réunion, Guadeloupe',
    color: '#16a34a',
  },
];
const [southEast, west, overseas] = [
  'clt4m0s2x0001equipe1sudest',
  'clt4m0s2x0002equipe2ouest0',
  'clt4m0s2x0003equipe3dom000',
] as const;

/** A salesman who left: folders still name him, `getUsers` does not. */
export const departedUserId = 'clu8k3d7a0009wq7n2kmorel00';

/** Those who sell. The last one has left. */
export const clavusUsers: ClavusUser[] = [
  user('clu8k3d7a0001wq7n2elefevre', southEast, 'Éloïse', 'Lefèvre'),
  user('clu8k3d7a0002wq7n2jbnguyen', west, 'Jean-Baptiste', 'Nguyen'),
  user('clu8k3d7a0003wq7n2cdangelo', southEast, 'Chloé', 'D’Angelo'),
  user('clu8k3d7a0004wq7n2mlegoff0', west, 'Maxime', 'Le Goff'),
  user('clu8k3d7a0005wq7n2ibenali0', southEast, 'Inès', 'Benali'),
  user('clu8k3d7a0006wq7n2fboeuf00', west, 'François', 'Bœuf'),
  user('clu8k3d7a0007wq7n2zmartin0', west, 'Zoé', 'Martin'),
  user('clu8k3d7a0008wq7n2mhoarau0', overseas, 'Marvin', 'Hoarau'),
  { ...user(departedUserId, southEast, 'Kévin', 'Morel'), active: false },
];

/** The same people in Moovago, under aliases as people type them, and one whom Clavus does not know. */
export const moovagoTeam: Team = {
  id: '64f0c2a79b1d3e5f70812a01',
  name: 'Soleil & Toits',
  members: [
    { id: '64f0c2a79b1d3e5f70812b01', alias: 'Eloise LEFEVRE' },
    { id: '64f0c2a79b1d3e5f70812b02', alias: 'Jean-Baptiste Nguyen' },
    { id: '64f0c2a79b1d3e5f70812b03', alias: 'chloé d’angelo' },
    { id: '64f0c2a79b1d3e5f70812b04', alias: 'Maxime LE GOFF' },
    { id: '64f0c2a79b1d3e5f70812b05', alias: 'Ines Benali' },
    { id: '64f0c2a79b1d3e5f70812b06', alias: 'François BŒUF' },
    { id: '64f0c2a79b1d3e5f70812b07', alias: 'MARTIN Zoé' },
    { id: '64f0c2a79b1d3e5f70812b08', alias: 'Marvin Hoarau' },
    { id: '64f0c2a79b1d3e5f70812b09', alias: 'Bureau' },
  ],
};

function user(id: string, teamId: string, firstName: string, lastName: string): ClavusUser {
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll('œ', 'oe')
      .replace(/[^a-z]+/g, '');
  const email = `${plain(firstName)}.${plain(lastName)}@soleil-et-toits.example`;
  return { id, teamId, firstName, lastName, email, active: true };
}
