/** A function as Lambda runs it: one handler in a process of its own, whose memory and time are its own. */
import { z } from 'zod';
import { answerParent } from './child.ts';

const asked = z.object({ moduleUrl: z.string(), exportName: z.string(), timeoutMs: z.number() });
const handlerOf = z.custom<(event: unknown, context: object) => Promise<unknown>>(
  (value) => typeof value === 'function',
);

async function invoke(argument: unknown) {
  const { moduleUrl, exportName, timeoutMs } = asked.parse(argument);
  const loaded: Record<string, unknown> = await import(moduleUrl);
  const deadline = Date.now() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
  const result = await handlerOf.parse(loaded[exportName])({}, context);
  const { user, system } = process.cpuUsage();
  return {
    result: JSON.stringify(result),
    processorSeconds: (user + system) / 1_000_000,
    // Kilobytes, whatever the system.
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

answerParent({ invoke });
