import type { App } from '../framework/app.ts';
import { attempt } from '../framework/attempt.ts';
import { TryLater } from '../framework/errors.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import { retryReading } from '../framework/retry-reading.ts';
import { textFields } from '../moovago/company.ts';
import type { Slot } from '../moovago/slot.ts';
import type { Directory } from '../state/directory.ts';
import { type CompaniesRead, refreshCompanies } from '../sync/refresh-companies.ts';
import { refreshDirectory } from '../sync/refresh-directory.ts';

/** How long a reading job waits for its slot, in milliseconds. */
const slotWithinMs = 20_000;
const sampleSize = 20;

/** Reads the directory of both systems, and Moovago's companies. */
export async function refreshJob(app: App): Promise<Directory> {
  const { clavus, moovago, clock, directory, telemetry } = app;
  const reading = <Value>(read: () => Promise<Value>) => retryReading(read, clock);
  const fresh = await refreshDirectory({
    log: telemetry.log,
    getColumns: () => reading(clavus.getColumns),
    getTeams: () => reading(clavus.getTeams),
    getUsers: (teamId) => reading(() => clavus.getUsers(teamId)),
    sampleFolders: async () =>
      (await reading(() => clavus.getFolders({ page: 1, itemParPage: sampleSize }))).folders,
    readTeam: () => reading(async () => moovago.team(await slotSoon(app))),
    readDirectory: directory.read,
    saveDirectory: directory.save,
  });
  await readCompaniesJob(app, fresh.team.id);
  return fresh;
}

/** A pass over Moovago's companies, which the index of match keys follows. */
export function readCompaniesJob(app: App, teamId: string): Promise<CompaniesRead> {
  const { clock, config, directory, matchIndex, rows, stage, telemetry } = app;
  return refreshCompanies({
    log: telemetry.log,
    clock,
    readCompanies: () => retryReading(() => companiesOf(teamId, app), clock),
    loadIndex: matchIndex.load,
    updateIndex: matchIndex.update,
    savePass: directory.savePass,
    readRows: rows.read,
    changeRow: rows.change,
    match: config.match,
    stage,
  });
}

/** The guide reads id, name and owners of a company. That it gives back what it takes is an assumption, so it may not. */
async function companiesOf(teamId: string, app: App): Promise<CompaniesRead> {
  const { companyList } = app.moovago;
  const all = await attempt(companyList({ teamId }, await slotSoon(app), textFields));
  if (all.ok) return { companies: all.value, readBack: 'all' };
  if (!(all.error instanceof OperationRefused)) throw all.error;
  return { companies: await companyList({ teamId }, await slotSoon(app)), readBack: 'documented' };
}

/** Waits for a slot for one request that reads. */
async function slotSoon({ pace, clock }: App): Promise<Slot> {
  const now = clock.now();
  const { slots } = await pace.reserve(1, 'live', now, now + slotWithinMs);
  const [slot] = slots;
  if (slot === undefined)
    throw new TryLater('Moovago has no free slot soon', { system: 'Moovago', applied: 'no' });
  await clock.wait(slot.at - clock.now());
  return slot;
}
