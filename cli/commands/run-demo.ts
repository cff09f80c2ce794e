import { fileURLToPath } from 'node:url';
import { startDemoWorld } from '../../local/demo/demo-world.ts';
import { print } from '../print.ts';
import { localStage, openSession } from '../session.ts';
import { syncOnce } from '../sync-once.ts';
import { exitStatus, type SyncReport } from '../sync-report.ts';
import { createTerminal } from '../terminal.ts';
import type { DemoOptions } from './demo.ts';

type DemoReport = SyncReport & { duplicates: number; lost: number; peakPerSecond: number };

const requestsPerSecondMax = 5;

/** `demo`: a first import and some edits, on simulated systems and the real connector. Returns the exit status. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const terminal = createTerminal({ verbose: options.verbose ?? false });
  await using world = await openWorld(options.folders);
  terminal.say(
    `Clavus and Moovago are simulated on this machine; everything between them is the real connector.\n` +
      `Clavus has ${options.folders} folders, Moovago no company yet.`,
  );
  await using session = await openSession({
    config: fileURLToPath(new URL('../../local/demo/sync.config.ts', import.meta.url)),
    ignoreBusinessHours: true,
    environment: world.environment,
    onLog: terminal.log,
  });
  session.stack.startMappings();
  const first = await syncOnce(session, { onProgress: terminal.progress });
  world.edit(options.edits);
  terminal.say(`The office edits ${options.edits} folders in Clavus.`);
  const second = await syncOnce(session, { onProgress: terminal.progress });
  const report: DemoReport = {
    ...sum(first, second),
    ...world.compare(localStage),
    peakPerSecond: world.moovago.busiestSecond(),
  };
  terminal.stop();
  print(options, report, demoLines(first, second, report, options));
  const { lost, duplicates, peakPerSecond, failed, pending } = report;
  const good = lost + duplicates + failed + pending === 0 && peakPerSecond <= requestsPerSecondMax;
  return good ? exitStatus.done : exitStatus.fault;
}

async function openWorld(folders: number) {
  const world = await startDemoWorld({ folders, seed: 1 });
  return { ...world, [Symbol.asyncDispose]: async () => void (await world.close()) };
}

const sum = (first: SyncReport, second: SyncReport): SyncReport => ({
  complete: first.complete && second.complete,
  scanned: first.scanned + second.scanned,
  changed: first.changed + second.changed,
  created: first.created + second.created,
  updated: first.updated + second.updated,
  adopted: first.adopted + second.adopted,
  shared: first.shared + second.shared,
  unchanged: first.unchanged + second.unchanged,
  removed: first.removed + second.removed,
  failed: second.failed,
  leftOut: second.leftOut,
  unreadable: second.unreadable,
  hidden: second.hidden,
  pending: second.pending,
  requests: {
    clavus: first.requests.clavus + second.requests.clavus,
    moovago: first.requests.moovago + second.requests.moovago,
  },
  throttled: first.throttled + second.throttled,
  seconds: Math.round((first.seconds + second.seconds) * 10) / 10,
});

function demoLines(
  first: SyncReport,
  second: SyncReport,
  report: DemoReport,
  { edits }: DemoOptions,
): string[] {
  const row = (label: string, one: string | number, other: string | number) =>
    `  ${label.padEnd(26)}${String(one).padStart(14)}${String(other).padStart(14)}`;
  const line = `  ${'─'.repeat(54)}`;
  return [
    '',
    row('', 'First import', `${edits} edits`),
    line,
    row('Folders read in Clavus', first.scanned, second.scanned),
    row('Companies created', first.created, second.created),
    row('Companies updated', first.updated, second.updated),
    row('Requests to Clavus', first.requests.clavus, second.requests.clavus),
    row('Requests to Moovago', first.requests.moovago, second.requests.moovago),
    row('Time', `${first.seconds} s`, `${second.seconds} s`),
    line,
    `  Busiest second at Moovago: ${report.peakPerSecond} requests (its limit is ${requestsPerSecondMax}); refused: ${report.throttled}`,
    `  Compared field by field: ${report.lost} lost, ${report.duplicates} duplicates`,
    '',
  ];
}
