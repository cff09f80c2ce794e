/** What the name of a company gets whose folder is gone, where the tenant wants it flagged. It stays the same customer's. */
export const goneSuffix = ' (supprimé dans Clavus)';
