import { ConfigurationError } from '../../lib/framework/errors.ts';
import { createCursorStore } from '../../lib/state/cursor.ts';
import { createRemovalsStore, type Removals } from '../../lib/state/removals.ts';
import { print } from '../print.ts';
import { commandText, openState } from '../state.ts';
import { plural } from '../sync-report.ts';
import type { RemovalsOptions } from './removals.ts';
import { runSyncTwice } from './run-sync.ts';

/** Folders that are shown by their ids. */
const shownMax = 10;

/** `removals`: which folders are missing in Clavus, and whether their removal waits for somebody. Returns the exit status. */
export async function runRemovals(options: RemovalsOptions): Promise<number> {
  await using state = await openState(options);
  const removals = await createRemovalsStore(state.table).read();
  const scannedAt = (await createCursorStore(state.table).read())?.lastCompleteScanAt;
  print(options, removals, removalLines(removals, scannedAt, options));
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
    const { held: overLimit } = await removals.read();
    if (overLimit === undefined)
      throw new ConfigurationError('removals', 'nothing is held: there is no removal to approve.');
    await removals.save('approved', { folders: overLimit.folders });
    if (options.stage !== undefined) {
      print(options, await removals.read(), [
        `The removal of up to ${plural(overLimit.folders, 'folder', 'folders')} is approved. The next two scans of all folders check again, then remove them.`,
      ]);
      return 0;
    }
  }
  return runSyncTwice(options);
}

function removalLines(
  { held: overLimit, missing, approved }: Removals,
  scannedAt: number | undefined,
  options: RemovalsOptions,
): string[] {
  const folderIds = missing?.folderIds ?? [];
  const shown = folderIds.slice(0, shownMax).join(', ');
  const lines = [
    ...(overLimit
      ? [
          `${plural(overLimit.folders, 'folder was', 'folders were')} not in Clavus at ${new Date(overLimit.at).toISOString()}: more than removalLimit, so nothing was removed.`,
          `If they are really gone: ${commandText('removals approve', options)} (checks again before anything is removed)`,
        ]
      : []),
    ...(approved
      ? [`The removal of up to ${plural(approved.folders, 'folder', 'folders')} is approved.`]
      : []),
    ...(folderIds.length > 0
      ? [
          `${plural(folderIds.length, 'folder was', 'folders were')} missing in the last scan. The next scan removes what it does not find either:`,
          `  ${shown}${folderIds.length > shownMax ? ', …' : ''}`,
        ]
      : []),
  ];
  if (lines.length > 0) return lines;
  return scannedAt === undefined
    ? ['No poll has read all folders of Clavus yet: which ones are missing is not known.']
    : [`No folder was missing in Clavus at ${new Date(scannedAt).toISOString()}.`];
}
