import { ConfigurationError } from './errors.ts';

/**
 * The service refused a whole GraphQL document before it did anything (if `applied` is not `unknown`). Either the service has changed, or one value has
 * a form that it does not accept. If the document has many operations, smaller documents find the wrong one.
 */
export class OperationRefused extends ConfigurationError {
  /**
   * The service's own words, shortened, on one line. They may hold personal data: for the record's row, never for a
   * log.
   */
  readonly reason: string;

  constructor(where: string, message: string, details: { reason: string; applied?: 'unknown' | undefined }) {
    super(where, message, { applied: details.applied });
    this.reason = details.reason;
  }
}
