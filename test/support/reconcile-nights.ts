import { markerFor } from '../../lib/mapping/marker.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../lib/mapping/sync-config.ts';
import type { Company, CompanyRecord } from '../../lib/moovago/company.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { reconcile } from '../../lib/sync/reconcile/reconcile.ts';
import { delivered } from '../../lib/sync/rows/row-transitions.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';
import { memoryFingerprints } from './memory-stores.ts';
import { rowWith } from './row-with.ts';

export const night = Date.parse('2026-11-25T02:10:00+01:00');
export const [minute, day] = [60_000, 86_400_000];
export const yesterday = night - day;

export const marker = (folderId: string) => markerFor('test', folderId);

export const record = (folderId: string): CompanyRecord => ({
  name: 'Dupont',
  phone: '07 68 45 46 74',
  note: marker(folderId),
});
export const row = (folderId: string, changes: object = {}): FolderRow =>
  rowWith(
    {
      folderId,
      revision: 4,
      writeId: 'w4',
      status: 'delivered',
      desired: { version: 1, record: record(folderId), at: yesterday, lane: 'live' },
      applied: { version: 1, record: record(folderId), at: yesterday },
      companyId: `c-${folderId}`,
      attempts: 0,
    },
    changes,
  );
export const company = (folderId: string, changes: Partial<Company> = {}): Company => ({
  id: `c-${folderId}`,
  ...record(folderId),
  ...changes,
});

export const quiet = { linked: 1, compared: 1, ownForms: 0, gone: 0, misplaced: 0 };
export const none = {
  overdue: 0,
  drifted: 0,
  noted: 0,
  deleted: 0,
  merged: 0,
  doubled: 0,
  resolved: 0,
  removed: 0,
};

/** Moovago and the rows at a night; `night(at)` reconciles them. */
export function nights(rows: FolderRow[], companies: Company[], config: Partial<SyncConfigInput> = {}) {
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const settings = parseSyncConfig({ company: { name: 'nom', phone: 'telephone' }, ...config }, 'test');
  const inMoovago = new Map(companies.map((one) => [one.id, one]));
  const fingerprints = memoryFingerprints(rows.map(({ folderId }) => folderId));
  const run = (
    at = night,
    { readBack = 'all' as 'all' | 'documented', isWhole = true, isBulkTime = (at: number) => at > 0 } = {},
  ) =>
    reconcile(
      { ...settings, stage: 'test' },
      {
        telemetry,
        clock: fakeClock(at),
        pace: { isBulkTime },
        readCompanies: async () => ({
          companies: [...inMoovago.values()],
          readBack,
          isWhole,
          hasAllIds: isWhole,
        }),
        fingerprints,
        rows: store,
      },
    );
  /** What the writer does with a due row: Moovago keeps the record in its own way. */
  const deliver = async (folderId: string, at: number, keeps: CompanyRecord = {}) => {
    const { companyId = '', desired } = store.all.get(folderId) ?? row(folderId);
    inMoovago.set(companyId, { id: companyId, ...desired?.record, ...keeps });
    const written = {
      recordId: companyId,
      version: desired?.version ?? 0,
      record: desired?.record ?? {},
      at,
    };
    await store.change(folderId, (current) => current && delivered(current, written), undefined);
  };
  return { store, telemetry, inMoovago, run, deliver };
}
