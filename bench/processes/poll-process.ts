/** The polling function as Lambda runs it: one handler in a process of its own, whose memory and time are its own. */
import { z } from 'zod';
import { answerParent } from './child.ts';

const asked = z.object({
  moduleUrl: z.string(),
  exportName: z.string(),
  timeoutMs: z.number(),
  /** What the function is invoked with. */
  event: z.record(z.string(), z.unknown()).default({}),
});
const handlerOf = z.custom<(event: unknown, context: object) => Promise<unknown>>(
  (value) => typeof value === 'function',
);
const told = z.looseObject({ state: z.string(), changed: z.number().optional() });

/** A scan may take several invocations; this many mean that it never ends. */
const invocationsMax = 100;

async function pollUntilComplete(argument: unknown) {
  const { moduleUrl, exportName, timeoutMs, event } = asked.parse(argument);
  const loaded: Record<string, unknown> = await import(moduleUrl);
  const handler = handlerOf.parse(loaded[exportName]);
  const startedAt = performance.now();
  const usageBefore = process.cpuUsage();
  for (let invocations = 1; invocations <= invocationsMax; invocations++) {
    const deadline = Date.now() + timeoutMs;
    const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
    const { state, changed = 0 } = told.parse(await handler(event, context));
    if (changed > 0) throw new Error(`the poll took ${changed} folders for changed, and none was`);
    if (state !== 'complete') continue;
    return {
      elapsedMs: performance.now() - startedAt,
      processorSeconds: process.cpuUsage(usageBefore).user / 1e6 + process.cpuUsage(usageBefore).system / 1e6,
      // Kilobytes, whatever the system.
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  }
  throw new Error(`no poll of ${invocationsMax} came to an end`);
}

answerParent({ poll: pollUntilComplete });
