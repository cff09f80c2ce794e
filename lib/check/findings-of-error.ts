import { ConfigurationError, TryLater } from '../framework/errors.ts';
import { serviceSettings } from '../framework/service-settings.ts';
import { error, type Finding } from './finding.ts';

/**
 * Turns a failure into findings about the configuration, the keys or the services. The messages of these errors say
 * what to do.
 * @throws the failure itself if it is a bug of the connector
 */
export function findingsOfError(failure: unknown): Finding[] {
  if (failure instanceof ConfigurationError)
    return [error(failure.where, failure.message.slice(`${failure.where}: `.length))];
  if (!(failure instanceof TryLater)) throw failure;
  const cure = failure.unreached
    ? 'Check the address, and whether this machine may connect to it.'
    : 'Check again later; if it stays, check the address and ask the service.';
  return [error(serviceSettings[failure.system].url, failure.message, { cure, passes: true })];
}
