import type { ColumnValue } from '../../lib/clavus/folder.ts';
import { type Draws, drawsFor } from './draws.ts';
import {
  companyNumbers,
  nothing,
  typedEmail,
  typedName,
  typedPhone,
  typedPostalCode,
} from './french-habits.ts';
import { firstName, household, streetAddress } from './french-names.ts';
import { clavusTeams, clavusUsers, departedUserId } from './people.ts';
import type { ColumnDefinition, Tenant } from './tenant.ts';

/** Technical name and label of each column, in the order of a folder's values. */
const columnNames = [
  ['type_client', 'Type de client'],
  ['raison_sociale', 'Raison sociale'],
  ['nom', 'Nom'],
  ['prenom', 'Prénom'],
  ['siren', 'SIREN'],
  ['siret', 'SIRET'],
  ['adresse', 'Adresse'],
  ['code_postal', 'Code postal'],
  ['ville', 'Ville'],
  ['telephone', 'Téléphone'],
  ['email', 'E-mail'],
  ['commercial', 'Commercial'],
  ['statut', 'Statut du dossier'],
  ['puissance', 'Puissance (kWc)'],
  ['prix_ttc', 'Prix TTC'],
  ['options', 'Options'],
  ['autoconsommation', 'Autoconsommation'],
  ['date_signature', 'Date de signature'],
  ['date_creation', 'Date de création'],
  ['date_modification', 'Date de modification'],
  ['notes', 'Notes'],
] as const;
type ColumnName = (typeof columnNames)[number][0];

const columns: ColumnDefinition[] = columnNames.map(([name, label], index) => ({
  id: `clsc5ug8w0${String(index + 1).padStart(2, '0')}vwjw3ne${`${name.replace(/[^a-z]/g, '')}xxxxxx`.slice(0, 6)}`,
  name,
  label,
}));

const dayMs = 86_400_000;
const firstCreation = Date.UTC(2023, 0, 2, 7);

type FrenchTenantOptions = {
  /** The same seed gives the same folders. */
  seed: number;
  folders: number;
  formatDate: (at: number) => string;
};

/**
 * A French solar installer: individuals and professionals, with the habits of writing and the gaps that such data have,
 * in modest and fixed shares. Every folder has a name, and no two have the same name in the same town, the same e-mail
 * or the same telephone. Dates lie between January 2023 and March 2026.
 */
export function frenchTenant({ seed, folders, formatDate }: FrenchTenantOptions): Tenant {
  return {
    columns,
    folderName: ['raison_sociale', 'prenom', 'nom'],
    createdColumn: 'date_creation',
    modifiedColumn: 'date_modification',
    folderCount: folders,
    folderAt(index) {
      const values = () => {
        const made = folderValues(seed, index, formatDate);
        return columnNames.map(([name]) => made[name]);
      };
      return { id: folderId(seed, index), values };
    },
    teams: clavusTeams,
    users: clavusUsers,
  };
}

/** Like Clavus' ids: "cl", a place in order, and what looks like chance. */
function folderId(seed: number, index: number): string {
  const { below } = drawsFor(seed ^ 0x1d, index);
  const tail = Array.from({ length: 3 }, () =>
    below(36 ** 5)
      .toString(36)
      .padStart(5, '0'),
  ).join('');
  return `clsc${index.toString(36).padStart(6, '0')}${tail}`;
}

function folderValues(
  seed: number,
  index: number,
  formatDate: (at: number) => string,
): Record<ColumnName, ColumnValue> {
  const draws = drawsFor(seed, index);
  const { lastName, town } = household(seed, index);
  const givenName = firstName(draws);
  const createdAt = firstCreation + draws.below(1095 * dayMs);
  return {
    ...client(index, lastName, draws),
    nom: typedName(lastName, draws),
    prenom: draws.chance(0.04) ? nothing(draws) : typedName(givenName, draws),
    adresse: draws.chance(0.03) ? nothing(draws) : typedAddress(streetAddress(draws), draws),
    code_postal: typedPostalCode(town.postalCode, draws),
    ville: draws.chance(0.25) ? town.name.toLocaleUpperCase('fr') : town.name,
    telephone: typedPhone(index, town, draws),
    email: typedEmail(index, givenName, lastName, draws),
    commercial: draws.chance(0.01) ? departedUserId : salesman(draws),
    ...project(createdAt, draws),
    date_creation: formatDate(createdAt),
    date_modification: formatDate(createdAt + draws.below(60 * dayMs)),
    notes: draws.chance(0.4) ? nothing(draws) : draws.pick(notes),
  };
}

/** One folder in four is a professional's. */
function client(index: number, lastName: string, draws: Draws) {
  if (draws.chance(0.75)) {
    const empty = draws.pick([null, null, '', ' ']);
    return { type_client: 'Particulier', raison_sociale: empty, siren: null, siret: null };
  }
  const { siren, siret } = companyNumbers(index);
  const patterns = [
    'SARL $',
    '$ Énergies',
    'Boulangerie $',
    'GAEC $',
    '$ & Fils',
    'SCI L’Orée – $',
    'Garage $',
  ] as const;
  return {
    type_client: 'Professionnel',
    raison_sociale: typedName(draws.pick(patterns).replace('$', lastName), draws),
    siren: draws.chance(0.1) ? siren.replace(/\d{3}(?=\d)/g, '$& ') : siren,
    siret: draws.chance(0.2) ? nothing(draws) : siret,
  };
}

function typedAddress(address: string, { chance }: Draws): string {
  if (chance(0.1)) return address.toLocaleUpperCase('fr');
  if (chance(0.04)) return address.replace(' ', '  ');
  if (chance(0.03)) return `${address} `;
  return chance(0.03) ? `${address}\nLieu-dit Les Œillets` : address;
}

function project(createdAt: number, draws: Draws) {
  const statut = draws.pick(['prospect', 'prospect', 'signé', 'signé', 'installé', 'installé', 'annulé']);
  const size = draws.pick([3, 6, 9, 12, 36]);
  const power = draws.pick([String(size), String(size), `${size},5`, `${size}.5`, size, `${size} kWc`]);
  return {
    statut,
    puissance: draws.chance(0.03) ? nothing(draws) : power,
    prix_ttc: statut === 'prospect' ? null : `${size * 2} ${100 + draws.below(900)},00 €`,
    options: draws.pick([[], ['Batterie'], ['Batterie', 'Borne de recharge'], null]),
    autoconsommation: draws.chance(0.6),
    date_signature: statut === 'prospect' ? null : new Date(createdAt).toISOString().slice(0, 10),
  };
}

const notes = [
  'Rappeler après 18 h',
  'Toiture en ardoise, accès par la cour',
  'Client recommandé par son voisin.\nAttention au chien !',
  'Consuel reçu – mise en service à prévoir',
  'Ombrage le matin (cheminée), prévoir des micro-onduleurs',
  'Devis envoyé ☀️',
] as const;

const salesmen = clavusUsers.filter(({ active }) => active).map(({ id }) => id);

function salesman({ below }: Draws): string {
  return salesmen[below(salesmen.length)] ?? departedUserId;
}
