import type { SyncConfig } from '../../mapping/sync-config.ts';
import { lowerBound, type Watermark } from '../../mapping/watermark.ts';
import type { Cursor, Scan } from '../../state/cursor.ts';

/**
 * What the next scan reads: all folders if it is time, otherwise those that were modified since the watermark. If the
 * tenant has no column for modification dates, every scan reads all folders.
 */
export function nextScan(
  cursor: Cursor | undefined,
  now: number,
  { config, full, newId }: { config: Pick<SyncConfig, 'clavus' | 'pace'>; full: boolean; newId(): string },
): Scan {
  const { modifiedColumn, fullScanEvery } = config.clavus;
  const { watermark, lastFullScanAt } = cursor ?? {};
  const scan = { id: newId(), startedAt: now };
  const isFull =
    full ||
    modifiedColumn === undefined ||
    watermark === undefined ||
    lastFullScanAt === undefined ||
    now >= lastFullScanAt + fullScanEvery;
  return isFull
    ? { ...scan, kind: 'full' }
    : { ...scan, kind: 'modified', from: lowerBound(watermark, config.pace.timezone) };
}

/** A scan of all folders from the first page that sends every folder again: the next poll continues it. */
export const scanAgain = (now: number, newId: () => string): Scan => ({
  id: newId(),
  startedAt: now,
  kind: 'full',
  again: true,
});

/** Passes of one scan, of all polls together, after which a new scan begins. */
const passesOfScanMax = 30;

/**
 * What the next poll reads after a scan that was cut. Where each pass still shows something new, what was seen counts on.
 * Among equal dates the order of a list may change with each request.
 */
export function nextAfterCut(
  scan: Scan,
  passes: number | undefined,
  now: number,
  newId: () => string,
): Scan | undefined {
  if (passes !== undefined && passes < passesOfScanMax) return { ...scan, passes };
  return scan.again ? scanAgain(now, newId) : undefined;
}

/**
 * The cursor after a scan that saw everything it asked for. The watermark moves to the greatest date seen, less the
 * duration of the scan. A folder that was modified meanwhile may stand on a page that was read before.
 * @param greatest the greatest modification date that was seen
 */
export function afterScan(
  before: Cursor | undefined,
  scan: Scan,
  {
    now,
    folders,
    greatest,
    notShown,
    excess,
    ceiling,
    cuts,
    parts,
  }: {
    now: number;
    folders: number;
    greatest: Watermark | undefined;
    notShown: string[];
    excess: number;
    ceiling: number | undefined;
    cuts: Cursor['cuts'];
    parts: number | undefined;
  },
): Pick<
  Cursor,
  | 'watermark'
  | 'lastCompleteScanAt'
  | 'lastFullScanAt'
  | 'folders'
  | 'notShown'
  | 'excess'
  | 'ceiling'
  | 'cuts'
  | 'parts'
> {
  const seenTo = greatest && { ...greatest, at: greatest.at - (now - scan.startedAt) };
  const watermark = seenTo && seenTo.at > (before?.watermark?.at ?? 0) ? seenTo : before?.watermark;
  if (scan.kind === 'modified') return { watermark };
  const seen = { folders, notShown, excess, ceiling, cuts, parts };
  return { watermark, lastCompleteScanAt: now, lastFullScanAt: scan.startedAt, ...seen };
}
