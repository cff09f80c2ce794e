import { ConfigurationError } from '../../lib/framework/errors.ts';
import { createRemovalsStore, type Removals } from '../../lib/state/removals.ts';
import { print } from '../print.ts';
import { commandText, openState } from '../state.ts';
import type { RemovalsOptions } from './removals.ts';
import { runSyncTwice } from './run-sync.ts';

/** Folders that are shown by their ids. */
const shownMax = 10;

/** `removals`: which folders are missing in Clavus, and whether their removal waits for somebody. Returns the exit status. */
export async function runRemovals(options: RemovalsOptions): Promise<number> {
  await using state = await openState(options);
  const removals = await createRemovalsStore(state.table).read();
  print(options, removals, removalLines(removals, options));
  return 0;
}

/**
 * `removals approve`: as many folders as were held may be gone, and no more. On this machine Clavus is read again, twice,
 * before anything is removed; a deployed stage does so at its next two scans of all folders. Returns the exit status.
 */
export async function runApproval(options: RemovalsOptions): Promise<number> {
  {
    await using state = await openState(options);
    const removals = createRemovalsStore(state.table);
    const { held } = await removals.read();
    if (held === undefined)
      throw new ConfigurationError('removals', 'nothing is held that could be approved.');
    await removals.save('approved', { folders: held.folders });
    if (options.stage !== undefined) {
      print(options, await removals.read(), [
        `Up to ${held.folders} folders may be gone. The next two scans of all folders look again, and then remove them.`,
      ]);
      return 0;
    }
  }
  return runSyncTwice(options);
}

function removalLines({ held, missing, approved }: Removals, options: RemovalsOptions): string[] {
  const folderIds = missing?.folderIds ?? [];
  const shown = folderIds.slice(0, shownMax).join(', ');
  const lines = [
    ...(held
      ? [
          `${held.folders} folders were not in Clavus at ${new Date(held.at).toISOString()}: too many at once, so nothing was removed.`,
          `If that is right: ${commandText('removals approve', options)} (it looks again before it removes anything)`,
        ]
      : []),
    ...(approved ? [`Up to ${approved.folders} may be gone, as somebody has approved.`] : []),
    ...(folderIds.length > 0
      ? [
          `${folderIds.length} folders were missing in the last scan, and are removed if the next one misses them too:`,
          `  ${shown}${folderIds.length > shownMax ? ', …' : ''}`,
        ]
      : []),
  ];
  return lines.length > 0 ? lines : ['No folder is missing in Clavus.'];
}
