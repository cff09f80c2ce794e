import { defineSync } from './lib/mapping/sync-config.ts';

/**
 * What this customer syncs. Every key is checked when the connector starts, and an unknown one is an error.
 * Columns are named by id, technical name or label. What is left out has the default that its comment gives.
 * docs/configure.md says more about each key.
 */
export default defineSync({
  clavus: {
    // Folders in one request to Clavus.
    pageSize: 200,
    // Only folders that satisfy all of these: =, <, >, <=, >=, IN, CONTAINS. Default: all folders.
    // filter: [{ column: 'statut', operator: 'IN', value: 'signé,prospect' }],
    // The column with the date of a folder's last change. With it, most polls read only what changed since; all folders are
    // read every `fullScanEvery`, as imports may change a folder without its date. Default: every poll reads all folders.
    // The date must sort as text: 2026-11-24, 2026-11-24T09:30:00 or 2026-11-24 09:30, not 24/11/2026.
    // modifiedColumn: 'date_modification',
    // fullScanEvery: 'PT1H',
    // The column with the date when a folder was made. In this order pages do not shift while they are read.
    // createdColumn: 'date_creation',
  },

  // Which columns make up a company. A field takes one of these:
  //   'column'                              the column's text
  //   { from: 'column', as: 'phone' }       in a standard form: text, postalCode, phone, email, siren
  //   { from: ['one', 'other'] }            the first one that is not empty
  //   { from: ['one', ['two', 'three']] }   columns in a list of their own are joined: first and last name
  //   { template: 'Dossier {column}' }      text with columns in it
  //   { from: 'column', as: (value, { values }) => … }   your own rule; `values` are those of all columns of `from`
  // A folder without a name is reported; the others go on.
  company: {
    name: { from: ['raison_sociale', ['prenom', 'nom']] },
    address: 'adresse',
    // Keeps "06200" and repairs 6200.
    postalCode: { from: 'code_postal', as: 'postalCode' },
    city: 'ville',
    // "07 68 45 46 74"; the postal code tells which territory the number belongs to.
    phone: { from: 'telephone', as: 'phone' },
    // In lower case. An invalid address counts as empty.
    email: { from: 'email', as: 'email' },
    note: { template: 'Dossier {prenom} {nom}, {puissance} kWc' },
    // By Clavus user id, e-mail or name, or by Moovago member id or alias.
    ownerIds: { from: 'commercial', as: 'owner' },
  },

  owners: {
    // The Moovago member who gets the companies of unknown people, and of folders without an owner.
    // Default: folders without an owner have none in Moovago, and folders of unknown people are reported and not sent.
    // fallback: 'moovago-member-id',
    // For people whose names differ between the two systems.
    // overrides: { 'clavus-user-id': 'moovago-member-id' },
  },

  // More than Moovago's guide shows how to write: assumptions, by the pattern of its companies. None of them is sent before
  // `npx clavus-moovago check --moovago-schema FILE` has proved it against the schema that Moovago has for download.
  // One person of each company. Default: none. A folder without a name for one has none.
  // contacts: {
  //   firstName: 'prenom_interlocuteur', lastName: 'nom_interlocuteur', role: 'fonction',
  //   phone: { from: 'portable', as: 'phone' }, email: { from: 'email_interlocuteur', as: 'email' },
  // },
  // The mandators of a company, by the names that Moovago has for them; one name, a list, or several with commas between.
  // mandators: { from: 'mandant', overrides: { 'name in Clavus': 'moovago-mandator-id' } },
  // One sale of each company. "12 345,60 €" is read as 12345.6.
  // turnover: { amount: 'montant', period: 'annee' },

  // How the connector recognises companies that reps created before it, instead of creating them twice. In this order.
  match: ['marker', 'email', 'phone', ['name', 'postalCode']],

  // Values by which no customer is recognised: your own telephone, your own domain. Default: none.
  // matchIgnore: ['05 49 00 00 01', '@solaire-ouest.example'],

  // Of several folders that are one customer, the one that writes its company: `newest` in Clavus (default), or the
  // `first` that came.
  primary: 'newest',

  // Who decides on a field of a company that exists. `clavus` (default): Clavus, always. `create-only`: the reps, once
  // the company is there. `fill-empty`: Clavus only while the field is empty.
  ownership: { note: 'create-only' },

  // `note` (default): the last line of the note says which folder a company belongs to, such as
  // [clavus-moovago:prod:abc123:1f3a9c]. It keeps a company from being created twice. `none`: no such line.
  marker: 'note',

  // May an empty column in Clavus empty the field in Moovago? `keep` (default): no. `clear`: yes.
  blanks: 'keep',

  // What happens to the company of a folder that is gone from Clavus, or that `clavus.filter` now excludes:
  // `keep` (default) leaves it as it is; `flag` adds "(supprimé dans Clavus)" to its name; `delete` deletes it (Moovago's
  // guide does not show how: try it on one folder). A folder is gone when two scans of all folders did not find it.
  onRemoved: 'keep',
  // Above this nothing is removed until you run `npx clavus-moovago removals approve`: the larger of a share of all folders
  // and a number. A mistake in Clavus must not empty Moovago.
  removalLimit: { share: 0.02, atLeast: 5 },

  pace: {
    timezone: 'Europe/Paris',
    // Moovago asks for no bulk work in these hours, and for one request a second ideally.
    businessHours: { days: 'Mon-Fri', from: '08:00', to: '18:30', requestsPerSecond: 1 },
    // Five is Moovago's limit.
    otherwise: { requestsPerSecond: 5 },
    // If a poll finds more changes than this, they are bulk and wait for the evening.
    bulkAbove: 100,
    recordsPerRequest: 25,
  },

  // The first records of a new stage are sent one by one, read back and compared before the others follow. 0: none.
  pilot: 3,

  // Companies that reps create in Moovago become prospects in Clavus, and their edits follow. Companies that are there when you
  // enable this are left out (`npx clavus-moovago retry COMPANY` sends one anyway). In one stage only: another one does not know
  // what this one sent. Default: none do.
  // prospects: {
  //   // What makes up a prospect, from the company's fields, as under `company`; this is the default:
  //   fields: {
  //     lastName: 'name',
  //     address: 'address',
  //     postalCode: { from: 'postalCode', as: 'postalCode' },
  //     email: { from: 'email', as: 'email' },
  //     phone: { from: 'phone', as: 'phone' },
  //     commercialNote: 'note',
  //     // and, where you have them: firstName, siren
  //   },
  //   // Clavus' guide shows 'MORAL' and no other type; 'none' sends none.
  //   type: 'MORAL',
  //   // If more new ones than this come at once, all are held until you raise the limit or name them.
  //   limit: 50,
  // },

  // How long a write of unknown outcome rests before it is looked up. Longer than any request can take. ISO 8601.
  settleAfter: 'PT15M',
});
