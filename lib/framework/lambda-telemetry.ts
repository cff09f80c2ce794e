import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsNamespace, type Telemetry } from './telemetry.ts';

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
