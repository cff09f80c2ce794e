/** What one synchronisation did: the object that `--json` prints. Counts are folders or companies, `seconds` is its time. */
export type SyncReport = {
  /** Whether every folder was seen that was asked for. */
  complete: boolean;
  scanned: number;
  changed: number;
  created: number;
  updated: number;
  adopted: number;
  unchanged: number;
  /** Folders that are gone from Clavus, and whose companies are treated as the configuration says. */
  removed: number;
  /** Folders that a person has to look at, those of earlier runs included. */
  failed: number;
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
  const { complete, scanned, changed, created, updated, removed, failed, pending } = report;
  const { requests, throttled, seconds } = report;
  const lines = [
    `${plural(scanned, 'folder', 'folders')} read, ${changed} changed`,
    `${plural(created, 'company', 'companies')} created, ${updated} updated in Moovago`,
    ...(removed > 0 ? [`${plural(removed, 'folder is', 'folders are')} gone from Clavus`] : []),
    `${requests.clavus} requests to Clavus, ${requests.moovago} to Moovago, ${throttled} refused for exceeding the limit, ${seconds} s`,
  ];
  if (!complete)
    lines.push("Not every folder was read, because Clavus' pages shifted: the next run reads them again");
  if (failed > 0)
    lines.push(`${plural(failed, 'folder needs', 'folders need')} attention: npx clavus-moovago status`);
  if (pending > 0) lines.push(`${plural(pending, 'change waits', 'changes wait')} to be sent later`);
  return lines;
}
