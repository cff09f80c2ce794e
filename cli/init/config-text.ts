import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JoinedColumns } from '../../lib/mapping/field-rule.ts';
import type { ProposedMapping } from './propose-mapping.ts';

const library = fileURLToPath(new URL('../../lib/mapping/sync-config.ts', import.meta.url));

/** Why a column of dates that looked right is not used. */
export type UnusedDate = { key: 'modifiedColumn' | 'createdColumn'; reason: string };

/**
 * The text of a configuration file.
 * @param file where it will stand: it names the library by its path from there
 */
export function configText(file: string, mapping: ProposedMapping, unused: readonly UnusedDate[]): string {
  return `import { defineSync } from ${quoted(libraryFrom(file))};

/**
 * What is synced, as \`npx clavus-moovago init\` proposed it. Every key is checked when the connector starts, and an unknown
 * one is an error. Columns are named by id, technical name or label. \`npx clavus-moovago check\` shows what is wrong.
 * docs/configure.md describes every key.
 */
export default defineSync({
  clavus: {
    // Folders in one request to Clavus.
    pageSize: 200,
${dateLines(mapping, unused).join('\n')}
    // Only folders that satisfy all of these: =, <, >, <=, >=, IN, CONTAINS. Default: all folders.
    // filter: [{ column: 'statut', operator: 'IN', value: 'signé,prospect' }],
  },

  // Which columns make up a company. A field takes one of these:
  //   'column'                              the column's text
  //   { from: 'column', as: 'phone' }       in a standard form: text, postalCode, phone, email, siren
  //   { from: ['one', 'other'] }            the first one that is not empty
  //   { from: ['one', ['two', 'three']] }   columns in a list of their own are joined: first and last name
  //   { template: 'Dossier {column}' }      text with columns in it
  //   { from: 'column', as: (value, { values }) => … }   your own rule; \`values\` are those of all columns of \`from\`
  company: {
${companyLines(mapping).join('\n')}
  },

  owners: {
    // The Moovago member who gets the companies of unknown people, and of folders without an owner.
    // fallback: 'moovago-member-id',
    // For people whose names differ between the two systems.
    // overrides: { 'clavus-user-id': 'moovago-member-id' },
  },

  // How the connector recognises companies that reps made before it, instead of creating them twice. In this order.
  match: [${matchKeys(mapping).join(', ')}],

  // Who decides on a field of a company that exists. \`clavus\` (default): Clavus, always. \`create-only\`: the reps, once
  // the company is there. \`fill-empty\`: Clavus only while the field is empty.
  ownership: { note: 'create-only' },

  // \`keep\` (default) or \`clear\`: may an empty column in Clavus empty the field in Moovago?
  blanks: 'keep',

  // What happens to the company of a folder that is gone from Clavus: \`keep\` (default), or \`flag\` in its name.
  onRemoved: 'keep',
});
`;
}

function libraryFrom(file: string): string {
  const path = relative(dirname(file), library).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function dateLines(
  { modifiedColumn, createdColumn }: ProposedMapping,
  unused: readonly UnusedDate[],
): string[] {
  return [
    ...(modifiedColumn === undefined
      ? ['    // Without a modifiedColumn, every poll reads all folders.']
      : [
          '    // Most polls read only what was modified since; all folders are read every hour (fullScanEvery).',
          `    modifiedColumn: ${quoted(modifiedColumn)},`,
        ]),
    ...(createdColumn === undefined
      ? []
      : [
          '    // Pages in the order of creation do not shift while they are read.',
          `    createdColumn: ${quoted(createdColumn)},`,
        ]),
    ...unused.map(({ key, reason }) => `    // ${key}: not used. ${oneLine(reason)}.`),
  ];
}

const comments = {
  name: 'A folder without a name is reported; the others go on.',
  address: undefined,
  postalCode: 'Keeps "06200" and repairs 6200.',
  city: undefined,
  phone: '"07 68 45 46 74"; the postal code tells which territory the number belongs to.',
  email: 'In lower case. An invalid address counts as empty.',
  note: undefined,
  ownerIds: 'By Clavus user id, e-mail or name, or by Moovago member id or alias.',
} as const;
const fields = ['name', 'address', 'postalCode', 'city', 'phone', 'email', 'note', 'ownerIds'] as const;

function companyLines({ company, siren }: ProposedMapping): string[] {
  const lines = fields.flatMap((name) => {
    const rule = company[name];
    if (rule === undefined) return [];
    const comment = comments[name];
    const [first, ...others] = rule.from;
    const isOne = typeof first === 'string' && others.length === 0;
    const from = isOne ? quoted(first) : `[${rule.from.map(columnsText).join(', ')}]`;
    const as = rule.as === undefined ? '' : `, as: '${rule.as}'`;
    const isPlain = isOne && rule.as === undefined;
    return [
      ...(comment === undefined ? [] : [`    // ${comment}`]),
      `    ${name}: ${isPlain ? from : `{ from: ${from}${as} }`},`,
    ];
  });
  return siren === undefined
    ? lines
    : [
        ...lines,
        `    // For the SIREN in the note instead: note: { from: ${oneLine(quoted(siren))}, as: 'siren' },`,
      ];
}

function matchKeys({ company }: ProposedMapping): string[] {
  return [
    "'marker'",
    ...(company.email ? ["'email'"] : []),
    ...(company.phone ? ["'phone'"] : []),
    ...(company.postalCode ? ["['name', 'postalCode']"] : []),
  ];
}

const columnsText = (columns: JoinedColumns): string =>
  typeof columns === 'string' ? quoted(columns) : `[${columns.map(quoted).join(', ')}]`;

/** A text of TypeScript. */
function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ');
