import type { Folder } from '../lib/clavus/folder.ts';
import { frenchTenant } from '../local/simulators/french-data.ts';
import type { Tenant } from '../local/simulators/tenant.ts';

/** Folders with values of their own; those beyond repeat them, as making new ones takes longer than all that is measured. */
const ownValues = 1000;

/** The French installer of the simulators, with any number of folders. */
export const tenantOf = (folders: number): Tenant =>
  frenchTenant({ seed: 1, folders, formatDate: (at) => new Date(at).toISOString() });

/** Folders of a tenant, as `getFolders` gives them, by their place from 0: the same in every process. */
export function folderFormula(tenant: Tenant): (index: number) => Folder {
  const columns = Array.from({ length: Math.min(ownValues, tenant.folderCount) }, (_, index) => {
    const values = tenant.folderAt(index).values();
    return tenant.columns.map(({ id, name }, place) => ({ id, name, value: values[place] ?? null }));
  });
  return (index) => ({ id: tenant.folderAt(index).id, columns: columns[index % columns.length] ?? [] });
}
