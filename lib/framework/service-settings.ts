/** The environment variables that hold the address and the key of each system: what an error tells people to look at. */
export const serviceSettings = {
  Clavus: { url: 'CLAVUS_API_URL', key: 'CLAVUS_API_KEY' },
  Moovago: { url: 'MOOVAGO_API_URL', key: 'MOOVAGO_API_KEY' },
} as const;

export type AddressVariable = (typeof serviceSettings)[keyof typeof serviceSettings]['url'];
