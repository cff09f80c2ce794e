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

/** Everything that is counted. The names must not change: alarms and the command line read them. */
export type Metric =
  | 'FoldersScanned'
  | 'FoldersChanged'
  | 'FoldersUnchanged'
  | 'FoldersUnmappable'
  | 'PollsCompleted'
  | 'PointersEnqueued'
  | 'CompaniesCreated'
  | 'CompaniesUpdated'
  | 'CompaniesAdopted'
  | 'CompaniesRemoved'
  | 'ChildrenCreated'
  | 'ChildrenUpdated'
  | 'ChildrenAdopted'
  | 'FoldersGone'
  | 'RemovalsHeld'
  | 'MatchesAmbiguous'
  | 'RecordsRefused'
  | 'OutcomesUnknown'
  | 'DeliveriesPostponed'
  | 'RecordsCompared'
  | 'RecordsDrifted'
  | 'CompaniesDoubled'
  | 'CompaniesDeleted'
  | 'KeysRefused'
  | 'BreakerOpened'
  | 'PilotsFailed'
  | 'ClavusRequests'
  | 'MoovagoRequests'
  | 'MoovagoThrottled'
  | 'SlotsMissed'
  | 'PaceReset'
  | 'ProblemsFound'
  | 'ProspectsCreated'
  | 'ProspectsUpdated'
  | 'ProspectsConverted'
  | 'ProspectsRefused'
  // Measured states: of several values in one period, the highest counts.
  | 'OldestChangeSeconds'
  | 'DeliveriesHeldSeconds'
  | 'FoldersFailed'
  | 'ProspectsFailed';

export type Count = (metric: Metric, value?: number) => void;

export const metricsNamespace = 'ClavusMoovago';

export type Telemetry = {
  log: Log;
  count: Count;
  /** Writes the counts as one line, which CloudWatch turns into metrics. */
  publish(): void;
};
