/** Added to the name of a company whose folder is gone, if the tenant wants that. */
export const goneSuffix = ' (supprimé dans Clavus)';

/** The name as matching compares it. */
export const withoutGoneSuffix = (name: string): string =>
  name.endsWith(goneSuffix) ? name.slice(0, -goneSuffix.length) : name;
