import type { LogEntry } from '../function-output.ts';
import type { BoardSnapshot } from './snapshot.ts';

type Minute = BoardSnapshot['history'][number];

const minuteMs = 60_000;
const minutesKept = 60;
const recentMax = 60;

/** What a log line of a function means for the records that it names. */
const meanings: Record<string, 'delivered' | 'failed'> = {
  delivered: 'delivered',
  removed: 'delivered',
  'record-refused': 'failed',
  'folder-unmappable': 'failed',
  'match-ambiguous': 'failed',
};

export type Activity = ReturnType<typeof createActivity>;

/**
 * What happened in the last hour, from what the functions log: kept in memory, as this process saw it.
 * @param now milliseconds since the epoch
 */
export function createActivity(now: () => number) {
  const minutes = new Map<number, Minute>();
  /** The newest last. */
  const recent = new Set<string>();

  function thisMinute(): Minute {
    const at = Math.floor(now() / minuteMs) * minuteMs;
    const known = minutes.get(at);
    if (known !== undefined) return known;
    const minute = { at, delivered: 0, failed: 0, due: null };
    minutes.set(at, minute);
    for (const old of minutes.keys()) if (old <= at - minutesKept * minuteMs) minutes.delete(old);
    return minute;
  }

  function touch(folderId: string): void {
    recent.delete(folderId);
    recent.add(folderId);
    const [oldest] = recent;
    if (recent.size > recentMax && oldest !== undefined) recent.delete(oldest);
  }

  return {
    /** Takes a line of a function's log. */
    take(entry: LogEntry): void {
      const meaning = meanings[entry.message];
      if (meaning === undefined) return;
      const folderIds = folderIdsOf(entry);
      thisMinute()[meaning] += folderIds.length;
      for (const folderId of folderIds) touch(folderId);
    },
    /** How many changes wait now. */
    noteDue(due: number): void {
      thisMinute().due = due;
    },
    touch,
    /** Folders to which something happened, the newest first. */
    recentFolders: (): string[] => [...recent].reverse(),
    /** 60 minutes, the current one last. */
    history(): Minute[] {
      const last = thisMinute().at;
      return Array.from({ length: minutesKept }, (_, index) => {
        const at = last - (minutesKept - 1 - index) * minuteMs;
        return minutes.get(at) ?? { at, delivered: 0, failed: 0, due: null };
      });
    },
  };
}

function folderIdsOf({ folderId, folderIds }: LogEntry): string[] {
  const all = Array.isArray(folderIds) ? folderIds : [folderId];
  return all.filter((id) => typeof id === 'string');
}
