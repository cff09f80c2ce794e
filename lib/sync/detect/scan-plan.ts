import { lowerBound, type Watermark } from '../../mapping/watermark.ts';
import type { Cursor, Scan } from '../../state/cursor.ts';

export type ScanPlanOptions = {
  /** The tenant's time zone, in which it writes dates without one. */
  timezone: string;
  /** Between two scans of all folders, in milliseconds; without it every scan is one. */
  fullScanEvery?: number;
  newId(): string;
};

/** What the next scan reads: all folders when it is time to, else those that were modified since the watermark. */
export function nextScan(
  cursor: Cursor | undefined,
  now: number,
  { timezone, fullScanEvery, full, newId }: ScanPlanOptions & { full: boolean },
): Scan {
  const { watermark, lastFullScanAt } = cursor ?? {};
  const scan = { id: newId(), startedAt: now };
  const isFull =
    full ||
    fullScanEvery === undefined ||
    watermark === undefined ||
    lastFullScanAt === undefined ||
    now >= lastFullScanAt + fullScanEvery;
  return isFull
    ? { ...scan, kind: 'full' }
    : { ...scan, kind: 'modified', from: lowerBound(watermark, timezone) };
}

/** Of all folders, from the first page on, and every one is sent again: for the next poll to go on with. */
export const scanAgain = (now: number, newId: () => string): Scan => ({
  id: newId(),
  startedAt: now,
  kind: 'full',
  again: true,
});

/**
 * Where the cursor stands after a scan that saw everything it asked for. The watermark moves to the greatest date seen, less
 * the time that the scan took: what was modified meanwhile may stand on a page that was read before.
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
  }: { now: number; folders: number; greatest: Watermark | undefined; notShown: string[] },
): Pick<Cursor, 'watermark' | 'lastCompleteScanAt' | 'lastFullScanAt' | 'folders' | 'notShown'> {
  const seenTo = greatest && { ...greatest, at: greatest.at - (now - scan.startedAt) };
  const watermark = seenTo && seenTo.at > (before?.watermark?.at ?? 0) ? seenTo : before?.watermark;
  if (scan.kind === 'modified') return { watermark };
  return { watermark, lastCompleteScanAt: now, lastFullScanAt: scan.startedAt, folders, notShown };
}
