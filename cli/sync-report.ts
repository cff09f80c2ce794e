import type { SyncConfig } from '../lib/mapping/sync-config.ts';

/**
 * Clavus' list ends before its end: how many folders it shows, and how many Clavus counts (0 if it does not say).
 * `isDated`: the configuration has a column of dates, by which the list is read in parts. `blank`: the folders without a
 * value in this column cannot be asked for; empty text for that of the date.
 */
export type Hidden = { shown: number; counted: number; blank?: string | undefined; isDated: boolean };

/** What a poll says of a list that ends too early. */
export function hiddenOf(
  { shown, counted = 0, blank }: { shown?: number; counted?: number; blank?: string },
  { clavus: { createdColumn, modifiedColumn } }: Pick<SyncConfig, 'clavus'>,
): Hidden | null {
  if (shown === undefined) return null;
  const isDated = (createdColumn ?? modifiedColumn) !== undefined;
  return { shown, counted, ...(blank === undefined ? {} : { blank }), isDated };
}

/** What one synchronisation did: the object that `--json` prints. Counts are folders or companies, `seconds` is its time. */
export type SyncReport = {
  /** Whether every folder was seen that was asked for. */
  complete: boolean;
  scanned: number;
  changed: number;
  created: number;
  updated: number;
  adopted: number;
  /** Folders that share the company of another folder of the same customer since then. */
  shared: number;
  unchanged: number;
  /** Folders that are gone from Clavus, and whose companies are treated as the configuration says. */
  removed: number;
  /** Folders that a person has to look at, those of earlier runs and unreadable ones included. */
  failed: number;
  /** Folders that a person left out, those of earlier runs included. */
  leftOut: number;
  /** Folders that Clavus shows and that cannot be read: they keep their last state. */
  unreadable: number;
  hidden: Hidden | null;
  /** Changes that wait: for the evening, for a service, for an outcome that settles. */
  pending: number;
  requests: { clavus: number; moovago: number };
  /** Requests that Moovago refused because they were too many. */
  throttled: number;
  seconds: number;
};

export const exitStatus = { done: 0, fault: 1, configuration: 2, recordsFailed: 3, pending: 4 } as const;

/** Failed records come before waiting ones: they need attention. */
export function exitStatusOf({ failed, pending, complete }: SyncReport): number {
  if (failed > 0) return exitStatus.recordsFailed;
  return pending > 0 || !complete ? exitStatus.pending : exitStatus.done;
}

/** "1 folder", "2 folders". */
export const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** The report in words, a line each. */
export function reportLines(report: SyncReport): string[] {
  const { complete, scanned, changed, created, updated, adopted, shared, removed, failed, pending } = report;
  const { requests, throttled, seconds } = report;
  const lines = [
    `${plural(scanned, 'folder', 'folders')} read, ${changed} changed`,
    `${plural(created, 'company', 'companies')} created, ${updated} updated in Moovago`,
    ...(adopted + shared > 0 ? [linkedLine(adopted, shared)] : []),
    ...(removed > 0 ? [`${plural(removed, 'folder is', 'folders are')} gone from Clavus`] : []),
    `${requests.clavus} requests to Clavus, ${requests.moovago} to Moovago, ${throttled} refused for exceeding the limit, ${seconds} s`,
  ];
  if (report.hidden) lines.push(hiddenLine(report.hidden));
  if (report.unreadable > 0) lines.push(unreadableLine(report.unreadable));
  if (!complete && !report.hidden)
    lines.push("Not every folder was read, because Clavus' pages shifted: the next run reads them again");
  if (failed > 0)
    lines.push(`${plural(failed, 'folder needs', 'folders need')} attention: npx clavus-moovago status`);
  if (report.leftOut > 0)
    lines.push(`${plural(report.leftOut, 'folder is', 'folders are')} left out by hand (ignore)`);
  if (pending > 0) lines.push(`${plural(pending, 'change waits', 'changes wait')} to be sent later`);
  return lines;
}

const linkedLine = (adopted: number, shared: number) =>
  [
    ...(adopted > 0
      ? [`${plural(adopted, 'folder', 'folders')} linked to companies that Moovago had already`]
      : []),
    ...(shared > 0 ? [`${plural(shared, 'folder shares', 'folders share')} the company of another`] : []),
  ].join(', ');

export const unreadableLine = (count: number): string =>
  `${plural(count, 'folder', 'folders')} cannot be read in Clavus, and ${count === 1 ? 'keeps its' : 'keep their'} last state: npx clavus-moovago status`;

/** Clavus' list ends before its end: what is missing, and what to do. */
export function hiddenLine({ shown, counted, blank, isDated }: Hidden): string {
  if (blank !== undefined) return blankLine(shown, blank);
  const list =
    counted > shown
      ? `Clavus shows only the first ${shown} folders of ${counted}`
      : `Clavus' list ends at ${shown} folders, which may be its limit`;
  const cure = isDated
    ? 'More folders than that have one date, and no other column that is mapped helps: ask Clavus to raise the limit'
    : 'Set clavus.createdColumn in sync.config.ts to a column with a date, and the list is read in parts';
  return `${list}: others may be missing in Moovago. ${cure}`;
}

function blankLine(shown: number, blank: string): string {
  const what = blank === '' ? 'date in clavus.createdColumn' : `value in '${blank}'`;
  return `Clavus' list ends too early and is read in parts: ${shown} folders are shown, and those without a ${what} cannot be asked for, so some may be missing in Moovago. Fill that column in Clavus, or map one that every folder has`;
}
