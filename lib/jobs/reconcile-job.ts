import type { App } from '../framework/app.ts';
import { type Reconciled, reconcile } from '../sync/reconcile.ts';
import { readCompaniesJob, refreshJob } from './refresh-job.ts';

/** Compares all of Moovago with all rows, at night. */
export function reconcileJob(app: App): Promise<Reconciled> {
  const { clock, config, directory, fingerprints, pace, rows, stage, telemetry } = app;
  return reconcile(
    { ...config, stage },
    {
      ...telemetry,
      clock,
      isBulkTime: pace.isBulkTime,
      readCompanies: async () => {
        const { team } = (await directory.read()) ?? (await refreshJob(app));
        return readCompaniesJob(app, team.id);
      },
      loadFingerprints: fingerprints.load,
      rowPages: rows.pages,
      readRows: rows.read,
      changeRow: rows.change,
      linkedTo: rows.linkedTo,
    },
  );
}
