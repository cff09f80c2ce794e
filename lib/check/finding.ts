/**
 * Something that a check found. `error`: the connector, or a part of it, cannot work. `warning`: it still works.
 * `note`: information only.
 */
export type Finding = {
  severity: 'error' | 'warning' | 'note';
  /** A setting, a key of the configuration, or an operation. */
  where: string;
  /** What the problem is. It holds no personal data and no value of a column: it may be logged. */
  message: string;
  /** What to do about it. */
  cure?: string;
  /** A service changed, or announces a change. The operator must be alerted, even if this is only a warning. */
  isChange?: true;
  /** A service is in trouble: the problem may go away by itself. */
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

export const note = (where: string, message: string, details: Pick<Finding, 'people'> = {}): Finding => ({
  severity: 'note',
  where,
  message,
  ...details,
});
