import { type Reconciled, reconcile } from '../sync/reconcile/reconcile.ts';
import type { App } from './app.ts';
import { readCompaniesJob } from './refresh-job.ts';

/** Compares all of Moovago with all rows, at night. */
export const reconcileJob = (app: App): Promise<Reconciled> =>
  reconcile({ ...app.config, stage: app.stage }, { ...app, readCompanies: () => readCompaniesJob(app) });
