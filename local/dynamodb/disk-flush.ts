import { type FileHandle, open } from 'node:fs/promises';
import { lazy } from '../../lib/framework/lazy.ts';

/**
 * Brings what was written to a file onto the disk, beside the thread that goes on meanwhile. One flush serves all who asked
 * before it began.
 */
export function createDiskFlush(file: string) {
  let handle: FileHandle | undefined;
  const opened = lazy(async () => {
    handle = await open(file, 'r');
    return handle;
  });
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function begin(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    next = undefined;
    running = (await opened()).datasync();
    await running;
  }

  return {
    flush: (): Promise<void> => {
      next ??= begin(running);
      return next;
    },
    close: async (): Promise<void> => {
      await (next ?? running).catch(() => {});
      await handle?.close();
    },
  };
}
