import { ConfigurationError, TryLater } from '../framework/errors.ts';
import { serviceSettings } from '../framework/service-settings.ts';
import { error, type Finding } from './finding.ts';

/**
 * What a failure says about the configuration, the keys or the services. The messages of these errors tell what to do.
 * @throws the failure itself where it says nothing of that kind: it is a fault of the connector
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
