import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Event names, ids and counts. Never bodies, keys, names, e-mails or values of columns. */
type Details = Record<string, string | number | boolean | readonly string[] | undefined> & {
  /** The logger's own: it would drop it. */
  message?: never;
};

export type Log = {
  info(event: string, details?: Details): void;
  warn(event: string, details?: Details): void;
  error(event: string, details?: Details): void;
};

/** Everything that is counted. The names stay: alarms and the command line read them. */
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
  // How things stand at a moment: of several values in one the highest counts.
  | 'OldestChangeSeconds'
  | 'DeliveriesHeldSeconds'
  | 'FoldersFailed'
  | 'ProspectsFailed';

export type Count = (metric: Metric, value?: number) => void;

export const metricsNamespace = 'ClavusMoovago';

export type Telemetry = {
  log: Log;
  count: Count;
  /** Writes the counts out, as one line that CloudWatch turns into metrics. */
  publish(): void;
};

/** Logs as JSON lines; metrics in CloudWatch's embedded format, with the dimension `stage` and no other. */
export function createTelemetry(stage: string, functionName: string): Telemetry {
  const logger = new Logger({ serviceName: 'clavus-moovago', persistentKeys: { stage, functionName } });
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: 'clavus-moovago' });
  // Powertools adds a dimension `service`; every combination of dimensions is a metric of its own, and is paid for.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stage });
  return {
    log: {
      info: (event, details = {}) => logger.info(event, details),
      warn: (event, details = {}) => logger.warn(event, details),
      error: (event, details = {}) => logger.error(event, details),
    },
    count: (metric, value = 1) => {
      metrics.addMetric(metric, metric.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count, value);
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
