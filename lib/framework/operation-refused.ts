import { ConfigurationError } from './errors.ts';

/**
 * The service refused a whole GraphQL document before it did anything: it has changed, or one of the values is of
 * a form that it does not take. With many operations in the document, smaller documents find the one.
 */
export class OperationRefused extends ConfigurationError {
  /** The service's own words, shortened and on one line. May hold personal data: for the row of the record, never for a log. */
  readonly reason: string;

  constructor(where: string, message: string, details: { reason: string }) {
    super(where, message);
    this.reason = details.reason;
  }
}
