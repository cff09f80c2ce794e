/**
 * Something that a check found. An `error` keeps the connector from its work, or a part of it; a `warning` does not; a
 * `note` is worth knowing.
 */
export type Finding = {
  severity: 'error' | 'warning' | 'note';
  /** A setting, a key of the configuration, or an operation. */
  where: string;
  /** What there is. Nothing about people and no value of a column: it may stand in a log. */
  message: string;
  /** What to do about it. */
  cure?: string;
  /** A service changed, or says that it will: somebody has to hear of it even where it is only a warning. */
  isChange?: true;
  /** A service is in trouble: time may cure it. */
  passes?: true;
  /** Lines about people: for a terminal, never for a log. */
  people?: readonly string[];
};

type Details = Pick<Finding, 'cure' | 'isChange' | 'passes' | 'people'>;

export const error = (where: string, message: string, details: Details = {}): Finding => ({
  severity: 'error',
  where,
  message,
  ...details,
});

export const warning = (where: string, message: string, details: Details = {}): Finding => ({
  severity: 'warning',
  where,
  message,
  ...details,
});

export const note = (where: string, message: string): Finding => ({ severity: 'note', where, message });
