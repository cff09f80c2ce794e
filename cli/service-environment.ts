/** The address in Clavus' guide. */
const documentedAddress = 'https://api-v2.clavus.io/api/external/graphql';

/** Addresses and keys of both systems, as the environment has them, with what holds where it says nothing. */
export const serviceEnvironment = (variables: Record<string, string | undefined>) => ({
  CLAVUS_API_URL: variables.CLAVUS_API_URL?.trim() || documentedAddress,
  CLAVUS_API_KEY: variables.CLAVUS_API_KEY?.trim() || undefined,
  MOOVAGO_API_URL: variables.MOOVAGO_API_URL?.trim() || undefined,
  MOOVAGO_API_KEY: variables.MOOVAGO_API_KEY?.trim() || undefined,
  MOOVAGO_API_KEY_HEADER: variables.MOOVAGO_API_KEY_HEADER?.trim() || 'x-api-key',
  /** Hosts in private networks that may be asked. */
  PRIVATE_HOSTS: variables.PRIVATE_HOSTS?.trim() || undefined,
});
export type ServiceEnvironment = ReturnType<typeof serviceEnvironment>;
