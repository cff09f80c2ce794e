/** Event names, ids and counts. Never bodies, keys, names, e-mails or values of columns. */
type Details = Record<string, string | number | boolean | readonly string[] | undefined> & {
  /** The logger reserves this name, and would drop the value. */
  message?: never;
};

export type Log = {
  info(event: string, details?: Details): void;
  warn(event: string, details?: Details): void;
  error(event: string, details?: Details): void;
};

/** Everything that is counted. Each metric is paid for: an alarm, the dashboard or the command line reads it. */
export type Metric =
  | 'FoldersUnmappable'
  | 'PollsCompleted'
  | 'PointersEnqueued'
  | 'CompaniesCreated'
  | 'CompaniesUpdated'
  | 'CompaniesAdopted'
  | 'CompaniesShared'
  | 'RemovalsHeld'
  | 'MatchesAmbiguous'
  | 'RecordsRefused'
  | 'OutcomesUnknown'
  | 'RecordsCompared'
  | 'RecordsDrifted'
  | 'CompaniesDoubled'
  | 'CompaniesDeleted'
  | 'KeysRefused'
  | 'PilotsFailed'
  | 'RowsOfNewerCode'
  | 'WebhooksRefused'
  | 'ClavusRequests'
  | 'MoovagoRequests'
  | 'MoovagoThrottled'
  | 'SlotsMissed'
  | 'ProblemsFound'
  | 'ProspectsCreated'
  | 'ProspectsUpdated'
  // Measured states: of several values in one period, the highest counts.
  | 'OldestChangeSeconds'
  | 'DeliveriesHeldSeconds'
  | 'FoldersFailed'
  | 'FoldersHidden'
  | 'FoldersUnreadable'
  | 'ProspectsFailed';

export type Count = (metric: Metric, value?: number) => void;

export const metricsNamespace = 'ClavusMoovago';

export type Telemetry = {
  log: Log;
  count: Count;
  /** Writes the counts as one line, which CloudWatch turns into metrics. */
  publish(): void;
};
