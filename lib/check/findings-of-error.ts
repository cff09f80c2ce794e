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
  const where = serviceSettings[failure.system].url;
  return [error(where, failure.message, { cure: cureOf(failure), passes: true })];
}

/** A certificate that no known authority has signed. */
const ownCertificate = /\((?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/;

function cureOf({ message, unreached }: TryLater): string {
  if (!unreached) return 'Check again later; if it stays, check the address and ask the service.';
  return ownCertificate.test(message)
    ? 'If your network signs certificates itself, set NODE_EXTRA_CA_CERTS to the file of its authority.'
    : 'Check the address, and whether this machine may connect to it. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.';
}
