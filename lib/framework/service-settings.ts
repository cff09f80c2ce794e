/**
 * The environment variables for the address and the key of each system. If the name of the key's header can be set,
 * there is a variable for it, too. Error messages name these variables.
 */
export const serviceSettings = {
  Clavus: { url: 'CLAVUS_API_URL', key: 'CLAVUS_API_KEY', header: undefined },
  Moovago: { url: 'MOOVAGO_API_URL', key: 'MOOVAGO_API_KEY', header: 'MOOVAGO_API_KEY_HEADER' },
} as const;

export type AddressVariable = (typeof serviceSettings)[keyof typeof serviceSettings]['url'];
