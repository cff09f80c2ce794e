import type { Session } from './session.ts';
import { pollReport, reportSince, totals } from './sync-once.ts';
import type { SyncReport } from './sync-report.ts';

/** Begins to sync on the schedules of serverless.yml, and tells what came of each poll. Rejects when an address or a key is wrong. */
export async function keepInStep(session: Session, onReport: (report: SyncReport) => void): Promise<void> {
  const { stack, clock } = session;
  // Fails at once, and clearly, when an address or a key is wrong.
  await stack.invoke('refreshDirectory', {});
  await stack.invoke('feedQueue', { again: session.alone });
  stack.startMappings();
  let since = { totals: totals(session), at: clock.now() };
  stack.startSchedules(async (functionName, answer) => {
    const polled = functionName === 'pollClavus' ? pollReport.parse(answer) : undefined;
    if (polled === undefined || polled.state === 'skipped') return;
    const report = await reportSince(session, polled, since);
    since = { totals: totals(session), at: clock.now() };
    onReport(report);
  });
}

/** Resolves when somebody presses Ctrl+C, or when the process is told to end. Listens from the call on. */
export const interruption = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
