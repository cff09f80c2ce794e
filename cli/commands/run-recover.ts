import { resolve } from 'node:path';
import { DateTime } from 'luxon';
import { systemClock } from '../../lib/framework/clock.ts';
import { recoverJob } from '../../lib/jobs/recover-job.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { createCursorStore } from '../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../lib/state/directory.ts';
import { createProspectLinks } from '../../lib/state/prospect-links.ts';
import { createRemovalsStore } from '../../lib/state/removals.ts';
import { print } from '../print.ts';
import { openState, type StateOptions } from '../state.ts';
import { exitStatus } from '../sync-report.ts';

/** `recover`: what a table needs that was taken back to an older point. Returns the exit status. */
export async function runRecover(options: StateOptions & { json?: boolean }): Promise<number> {
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const { table } = state;
  const newId = () => crypto.randomUUID();
  const recovered = await recoverJob(
    {
      clock: systemClock,
      config,
      cursor: createCursorStore(table),
      directory: createDirectoryStore(table),
      newId,
      prospectLinks: createProspectLinks(table, newId),
      removals: createRemovalsStore(table),
      table,
    },
    state.alone,
  );
  const time = (at: number) => DateTime.fromMillis(at, { zone: config.pace.timezone }).toFormat('HH:mm:ss');
  if ('heldUntil' in recovered) {
    print(options, { done: false, heldUntil: new Date(recovered.heldUntil).toISOString() }, [
      `A poll is running. Run recover again after ${time(recovered.heldUntil)}: no company is created until then.`,
    ]);
    return exitStatus.pending;
  }
  const { creationsFrom } = recovered;
  print(options, { done: true, creationsFrom: new Date(creationsFrom).toISOString() }, [
    'The next poll reads all folders, and sends every one to Moovago again, whole, in bulk.',
    `No company is created before the connector reads Moovago again, after ${time(creationsFrom)}.`,
  ]);
  return exitStatus.done;
}
