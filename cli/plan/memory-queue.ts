import type { App } from '../../lib/jobs/app.ts';

/** A queue of folder ids in this process, which takes everything and gives all of it at once. */
export function createMemoryQueue() {
  let waiting: string[] = [];
  const queue: App['queue'] = {
    send: async (folderIds) => {
      waiting = [...waiting, ...folderIds];
      return new Set(folderIds);
    },
    depth: async () => waiting.length,
  };
  function takeAll(): string[] {
    const taken = waiting;
    waiting = [];
    return taken;
  }
  return { queue, takeAll };
}
