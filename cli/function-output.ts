import { z } from 'zod';
import { type Metric, metricsNamespace } from '../lib/framework/telemetry.ts';

const json = z.string().transform((line): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
});
const metricsLine = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.literal(metricsNamespace),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});
type MetricsLine = z.infer<typeof metricsLine>;
const values = z.union([z.number(), z.array(z.number())]).transform((value) => [value].flat());
const logLine = z.looseObject({ level: z.string(), message: z.string() });

export type LogEntry = z.infer<typeof logLine>;

/**
 * Reads what the functions print: counts in CloudWatch's embedded metric format are added up, as CloudWatch would;
 * log lines are handed on. What is neither is handed on as an error: nothing that a function says is swallowed.
 */
export function createFunctionOutput(onLog: (entry: LogEntry) => void) {
  const totals = new Map<string, number>();

  function add(line: MetricsLine): void {
    for (const { Name } of line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      const counted = values.parse(line[Name]).reduce((sum, value) => sum + value, 0);
      totals.set(Name, (totals.get(Name) ?? 0) + counted);
    }
  }

  function take(functionName: string, line: string): void {
    const content = json.parse(line);
    const metrics = metricsLine.safeParse(content);
    if (metrics.success) {
      add(metrics.data);
      return;
    }
    const log = logLine.safeParse(content);
    onLog(log.success ? log.data : { level: 'ERROR', message: line, functionName });
  }

  /** What was counted since the start. */
  const total = (metric: Metric) => totals.get(metric) ?? 0;

  return { take, total };
}
