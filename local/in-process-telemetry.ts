import { type Metric, metricsNamespace, type Telemetry } from '../lib/framework/telemetry.ts';

/** Lines of the form in which a function on Lambda logs and counts, for whoever reads those. */
export function lineTelemetry(functionName: string, writeLine: (line: string) => void): Telemetry {
  let counts = new Map<Metric, number[]>();
  const write = (level: string, message: string, details: object) =>
    writeLine(JSON.stringify({ level, message, functionName, ...details }));
  return {
    log: {
      info: (event, details = {}) => write('INFO', event, details),
      warn: (event, details = {}) => write('WARN', event, details),
      error: (event, details = {}) => write('ERROR', event, details),
    },
    count: (metric, value = 1) => {
      counts.set(metric, [...(counts.get(metric) ?? []), value]);
    },
    publish: () => {
      if (counts.size === 0) return;
      const Metrics = [...counts.keys()].map((Name) => ({ Name }));
      const _aws = { CloudWatchMetrics: [{ Namespace: metricsNamespace, Metrics }] };
      writeLine(JSON.stringify({ _aws, ...Object.fromEntries(counts) }));
      counts = new Map();
    },
  };
}
