import { defineSync } from '../../lib/mapping/sync-config.ts';

/** What the simulated installer of `npm run demo` and `npm run dev` syncs. */
export default defineSync({
  company: {
    name: { from: ['raison_sociale', ['prenom', 'nom']] },
    address: 'adresse',
    postalCode: { from: 'code_postal', as: 'postalCode' },
    city: 'ville',
    phone: { from: 'telephone', as: 'phone' },
    email: { from: 'email', as: 'email' },
    note: { template: 'Dossier {prenom} {nom}, {puissance} kWc' },
    ownerIds: { from: 'commercial', as: 'owner' },
  },
  // A salesman who left still has folders; his companies go to the manager.
  owners: { fallback: '64f0c2a79b1d3e5f70812b01' },
  // The simulated Moovago never answers late: whoever sends a refused folder again need not wait a quarter of an hour.
  settleAfter: 'PT5S',
});
