import { randomUUID } from 'node:crypto';
import { type EventSourceMapping, startEventSourceMapping } from './event-source-mapping.ts';
import type { FunctionRuntime, LocalFunction } from './function-runtime.ts';
import { localAccount } from './intrinsics.ts';
import { type Scheduler, startScheduler } from './scheduler.ts';
import type { StackServices } from './stack-services.ts';

type TriggersOptions = {
  functions: LocalFunction[];
  region: string;
  services: StackServices;
  runtime: FunctionRuntime;
  onLog(functionName: string, line: string): void;
};

export type Triggers = {
  startMappings(): void;
  startSchedules(onAnswer?: (functionName: string, answer: unknown) => void): void;
  idle(): boolean;
  /** Lets batches that run finish; scheduled runs are left alone. */
  stop(): Promise<void>;
};

/** What invokes the functions by itself: their queues and their schedules. */

export function createTriggers({ functions, region, services, runtime, onLog }: TriggersOptions): Triggers {
  let mappings: EventSourceMapping[] = [];
  let scheduler: Scheduler | undefined;
  return {
    startMappings() {
      if (mappings.length > 0) return;
      mappings = functions.flatMap((fn) =>
        fn.queues.flatMap((trigger) => {
          const queue = services.queues.get(trigger.queue);
          const invoke = (event: unknown) => runtime.invoke(fn.name, event);
          const onProblem = (message: string) => onLog(fn.name, JSON.stringify({ level: 'WARN', message }));
          return queue
            ? [startEventSourceMapping({ sqs: services.sqs, queue, trigger, region, invoke, onProblem })]
            : [];
        }),
      );
    },
    startSchedules(onAnswer = () => {}) {
      scheduler ??= startScheduler(
        functions.flatMap((fn) =>
          fn.schedules.map(({ expression, timezone, input }) => ({
            expression,
            timezone,
            run: () =>
              runtime.invoke(fn.name, input ?? scheduledEvent(region)).then(
                (answer) => onAnswer(fn.name, answer),
                () => {},
              ),
          })),
        ),
      );
    },
    idle: () => mappings.every((mapping) => mapping.idle()),
    async stop() {
      scheduler?.stop();
      await Promise.all(mappings.map((mapping) => mapping.stop()));
    },
  };
}

/** What EventBridge Scheduler gives a function whose schedule has no input of its own. */
function scheduledEvent(region: string): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: localAccount,
    time: new Date().toISOString(),
    region,
    resources: [],
    detail: '{}',
  };
}
