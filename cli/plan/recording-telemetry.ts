import type { Log, Metric, Telemetry } from '../../lib/framework/telemetry.ts';

export type ReportedEvent = { level: 'INFO' | 'WARN' | 'ERROR'; event: string } & Record<string, unknown>;

/** Keeps what is logged and counted, and prints nothing. */
export function createRecordingTelemetry() {
  const reported: ReportedEvent[] = [];
  const counts = new Map<Metric, number>();
  const at =
    (level: ReportedEvent['level']): Log['info'] =>
    (event, details) => {
      reported.push({ ...details, level, event });
    };
  const telemetry: Telemetry = {
    log: { info: at('INFO'), warn: at('WARN'), error: at('ERROR') },
    count: (metric, value = 1) => {
      counts.set(metric, (counts.get(metric) ?? 0) + value);
    },
    publish: () => {},
  };
  return { telemetry, reported, total: (metric: Metric) => counts.get(metric) ?? 0 };
}
