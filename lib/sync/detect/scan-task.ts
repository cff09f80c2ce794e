import type { ClavusClient } from '../../clavus/client.ts';
import type { FolderPage } from '../../clavus/folder.ts';
import type { Clock } from '../../framework/clock.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { Watermark } from '../../mapping/watermark.ts';
import type { Cursor, CursorStore, Scan } from '../../state/cursor.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { ScanProgress, ScanProgressStore } from '../../state/scan-progress.ts';
import type { ChangeDetector } from './detect-changes.ts';
import type { FolderReading } from './folder-reading.ts';
import type { Slice } from './scan-slice.ts';
import type { TimeLeft } from './time-left.ts';

export type ScanClavusDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  config: Pick<SyncConfig, 'clavus' | 'pace'>;
  clavus: ScannedClavus;
  fingerprints: Pick<Fingerprints, 'folderIds'>;
  scanProgress: Pick<ScanProgressStore, 'savePage'>;
  cursor: Pick<CursorStore, 'save'>;
};

/** The folders of Clavus, as a scan reads them. */
export type ScannedClavus = Pick<ClavusClient, 'getValuesByIds'> & {
  /** Pages are numbered from 1. `from`: the first modification date to read, as the tenant writes it. */
  readPage(page: number, part: { from: string | undefined; slice: Slice; size: number }): Promise<FolderPage>;
};

export type ScanTask = {
  scan: Scan;
  cursor: Cursor | undefined;
  progress: ScanProgress;
  time: TimeLeft;
  /** Stores no checkpoints: it takes only some of the changes. */
  isLimited: boolean;
  detector: ChangeDetector;
  known: FingerprintMap;
  reading: FolderReading;
  /** How many folders may go at once. If more are missing, the scan does not look for them. */
  goneMax: number;
};

export type Complete = {
  kind: 'complete';
  folders: number;
  greatest: Watermark | undefined;
  gone: string[];
  unseen: number;
  /** Whether the scan can say which folders are gone. */
  isJudged: boolean;
  excess: number;
  ceiling: number | undefined;
  cuts: Cursor['cuts'];
};
export type Incomplete =
  | { kind: 'continues' }
  | { kind: 'lost' }
  | { kind: 'cut' }
  /** The passes do not fit together yet: the next poll reads the pages again. `passes`: how many there were. */
  | { kind: 'cut'; passes: number }
  /** The list ends before its end. */
  | { kind: 'cut'; hidden: Hidden };

/** What a list does not show. `counted`: 0 if Clavus does not say how many there are. */
type Hidden = NonNullable<Cursor['hidden']>;

/**
 * `complete`: everything was seen. `gone`: the known folders that Clavus no longer has. `unseen`: how many were
 * missing, if they are too many to look for. `notShown`: the fields whose columns no folder showed. `excess`: how many
 * more Clavus counts than it ever shows. `continues`: time ran out. `lost`: another poll has the lease. `cut`: the pages
 * do not fit together, or the list ends too early.
 */
export type ScanResult = (Complete & { notShown: string[]; parts: number | undefined }) | Incomplete;
