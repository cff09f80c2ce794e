import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../lib/framework/environment.ts';
import { ConfigurationError } from '../../../lib/framework/errors.ts';

const good = {
  STAGE: 'prod',
  TABLE_NAME: 'clavus-moovago-prod',
  QUEUE_URL: 'https://queue',
  CLAVUS_API_URL: 'https://clavus',
  CLAVUS_API_KEY_PARAMETER: '/clavus',
  MOOVAGO_API_URL: 'https://moovago',
  MOOVAGO_API_KEY_PARAMETER: '/moovago',
};
const errorOf = (variables: Record<string, string | undefined>) => {
  try {
    return readEnvironment(variables);
  } catch (error) {
    return error;
  }
};

describe('the environment of a function', () => {
  it('is what serverless.yml sets, with the documented header by default', () => {
    expect(readEnvironment({ ...good, PATH: '/bin', CLAVUS_API_KEY: '' })).toEqual({
      ...good,
      MOOVAGO_API_KEY_HEADER: 'x-api-key',
    });
  });

  it.each([
    ['MOOVAGO_API_URL', '', 'MOOVAGO_API_URL: is not set'],
    ['STAGE', 'Pröd secret', 'STAGE: takes lower-case letters, digits and hyphens'],
    ['MOOVAGO_API_KEY_HEADER', 'x api key', 'MOOVAGO_API_KEY_HEADER: takes letters, digits and hyphens'],
  ])('names %s when it is wrong, and never shows its value', (name, value, message) => {
    const error = errorOf({ ...good, [name]: value });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toBe(`ConfigurationError: ${message}`);
  });
});
