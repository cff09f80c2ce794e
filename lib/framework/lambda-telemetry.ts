import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsNamespace, type Telemetry } from './telemetry.ts';

/** Logs as JSON lines; metrics in CloudWatch's embedded format, with `stage` as the only dimension. */
export function createTelemetry(stage: string, functionName: string): Telemetry {
  const logger = new Logger({ serviceName: 'clavus-moovago', persistentKeys: { stage, functionName } });
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: 'clavus-moovago' });
  // Powertools adds a dimension `service`. Every combination of dimensions is a separate metric, which is paid for.
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
