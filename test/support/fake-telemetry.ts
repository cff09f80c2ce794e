import type { Count, Log } from '../../lib/framework/telemetry.ts';

type Line = { level: 'info' | 'warn' | 'error'; event: string } & Record<string, unknown>;

/** Keeps what was logged and counted. */
export function fakeTelemetry() {
  const lines: Line[] = [];
  const counts: Record<string, number> = {};
  const at =
    (level: Line['level']): Log['info'] =>
    (event, details) => {
      lines.push({ level, event, ...details });
    };
  const count: Count = (metric, value = 1) => {
    counts[metric] = (counts[metric] ?? 0) + value;
  };
  const log = { info: at('info'), warn: at('warn'), error: at('error') };
  return { log, count, publish: () => {}, lines, counts };
}
