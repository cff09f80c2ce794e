/** Added to the name of a company whose folder is gone, if the tenant wants that. Matching ignores it. */
export const goneSuffix = ' (supprimé dans Clavus)';
