import { SingleBar } from 'cli-progress';
import type { LogEntry } from './function-output.ts';
import { say } from './print.ts';
import type { Progress } from './sync-once.ts';

const everyMs = 2000;

/** What a person sees while work goes on: a bar on a terminal, a line now and then elsewhere. Always on standard error. */
export function createTerminal({ verbose }: { verbose: boolean }) {
  const isTerminal = process.stderr.isTTY === true && !verbose;
  let bar: SingleBar | undefined;
  let saidAt = 0;
  let said = '';
  let isDone = false;

  function sayAbove(text: string): void {
    stop();
    say(text);
  }

  function stop(): void {
    bar?.stop();
    bar = undefined;
  }

  function progress(step: Progress): void {
    if (step.doing === 'reading') {
      isDone = false;
      sayAbove('Reading Clavus …');
    } else if (!isDone && step.total > 0) {
      isDone = step.done === step.total;
      if (isTerminal) showBar(step);
      else sayNowAndThen(`Writing to Moovago: ${step.done} of ${step.total}`);
    }
  }

  function showBar({ done, total }: { done: number; total: number }): void {
    bar ??= startBar(total);
    bar.update(done);
    if (isDone) stop();
  }

  function sayNowAndThen(text: string): void {
    if (text === said || (!isDone && Date.now() - saidAt < everyMs)) return;
    saidAt = Date.now();
    said = text;
    sayAbove(text);
  }

  /** Warnings and errors of the functions in a line; everything, as it is, when `verbose`. */
  function log(entry: LogEntry): void {
    if (verbose) sayAbove(JSON.stringify(entry));
    else if (entry.level === 'WARN' || entry.level === 'ERROR') sayAbove(logText(entry));
  }

  return { say: sayAbove, progress, log, stop };
}

function startBar(total: number): SingleBar {
  const bar = new SingleBar({
    format: 'Writing to Moovago {bar} {value} of {total} · {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, 0);
  return bar;
}

/** Frame that every log line carries, and that says nothing to a person. */
const frame = new Set([
  'requestId',
  'stackTrace',
  'level',
  'message',
  'timestamp',
  'service',
  'stage',
  'functionName',
  'sampling_rate',
  'xray_trace_id',
  'cold_start',
]);

function logText(entry: LogEntry): string {
  const details = Object.entries(entry)
    .filter(([key]) => !frame.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${entry.level === 'ERROR' ? '✗' : '!'} ${[entry.message, ...details].join(' ')}`;
}
