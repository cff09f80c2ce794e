import { type Reconciled, reconcile } from '../sync/reconcile/reconcile.ts';
import type { App } from './app.ts';
import { readCompaniesJob } from './refresh-job.ts';

/** Compares all of Moovago with all rows, at night. */
export function reconcileJob(app: App): Promise<Reconciled> {
  const { clock, config, fingerprints, pace, rows, stage, telemetry } = app;
  return reconcile(
    { ...config, stage },
    {
      ...telemetry,
      clock,
      isBulkTime: pace.isBulkTime,
      readCompanies: () => readCompaniesJob(app),
      loadFingerprints: fingerprints.load,
      rowPages: rows.pages,
      readRows: rows.read,
      changeRow: rows.change,
      linkedTo: rows.linkedTo,
    },
  );
}
