import { columnText } from '../lib/mapping/column-text.ts';
import { tenantOf } from './many-folders.ts';

/** Folders as the plain client writes them: the columns as they are, and a note that says which folder it was. */
export function plainRecords(count: number): Record<string, string>[] {
  const tenant = tenantOf(count);
  const place = (name: string) => tenant.columns.findIndex((column) => column.name === name);
  const [company, name, city, address, phone] = [
    'raison_sociale',
    'nom',
    'ville',
    'adresse',
    'telephone',
  ].map(place);
  return Array.from({ length: count }, (_, index) => {
    const folder = tenant.folderAt(index);
    const values = folder.values();
    const text = (at = -1) => columnText(values[at] ?? null).trim();
    return {
      name: text(company) || text(name),
      city: text(city),
      address: text(address),
      phone: text(phone),
      note: `Dossier ${folder.id}`,
    };
  });
}
