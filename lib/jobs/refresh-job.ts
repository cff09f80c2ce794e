import { type Attempt, attempt } from '../framework/attempt.ts';
import { TryLater } from '../framework/errors.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import { mappedFields } from '../mapping/mapped-children.ts';
import type { MoovagoClient } from '../moovago/client.ts';
import { textFields } from '../moovago/company.ts';
import type { ChildName } from '../moovago/entities/entity.ts';
import type { Child } from '../moovago/entities/record.ts';
import { connectMs, type Slot } from '../moovago/slot.ts';
import { failureKind, reportFailure } from '../pace/failure-table.ts';
import type { Directory } from '../state/directory.ts';
import { refreshDirectory } from '../sync/detect/refresh-directory.ts';
import {
  type CompaniesAnswer,
  type CompaniesRead,
  refreshCompanies,
} from '../sync/match/refresh-companies.ts';
import { prospectKeys } from '../sync/prospects/prospect-keys.ts';
import type { App } from './app.ts';
import { retryingClavus, retryReading } from './retry-reading.ts';

/** How long a reading job waits for its slot, in milliseconds. */
const slotWithinMs = 20_000;

/** Reads the directory of both systems, and Moovago's companies. */
export async function refreshJob(app: App): Promise<Directory & { read: CompaniesRead }> {
  const { config, moovago, clock } = app;
  const retrying = <Value>(read: (slot: Slot) => Promise<Value>) =>
    retryReading(() => reading(read, app), clock);
  const fresh = await refreshDirectory({
    ...app,
    clavus: retryingClavus(app),
    readTeam: () => retrying(moovago.team),
    ...(config.mandators && {
      readMandators: (teamId) => retrying((slot) => moovago.mandatorList({ teamId }, slot)),
    }),
  });
  return { ...fresh, read: await readTeamCompanies(app, fresh.team.id) };
}

/**
 * The directory as it was last read. It is read now if there is none, or if it lacks mandators that the tenant now
 * maps.
 */
export async function knownDirectory(app: App): Promise<Directory> {
  const known = await app.directory.read();
  const lacks = known === undefined || (app.config.mandators && known.team.mandators === undefined);
  return lacks ? refreshJob(app) : known;
}

/** Reads Moovago's records of a kind that belongs to companies. */
export async function readChildrenJob(child: ChildName, app: App): Promise<Child[]> {
  const { clock, config, moovago } = app;
  const teamId = (await knownDirectory(app)).team.id;
  const fields = mappedFields(child, config);
  const ask = (slot: Slot) => moovago.childList(child, { teamId }, slot, fields);
  return retryReading(() => reading(ask, app), clock);
}

/** Reads Moovago's companies, and updates the index of match keys. */
export const readCompaniesJob = async (app: App): Promise<CompaniesRead> =>
  readTeamCompanies(app, (await knownDirectory(app)).team.id);

function readTeamCompanies(app: App, teamId: string): Promise<CompaniesRead> {
  const { clock, config, moovago, prospectLinks, stage } = app;
  return refreshCompanies({
    ...app,
    readCompanies: () =>
      retryReading(() => companiesOf(teamId, moovago, (read) => reading(read, app)), clock),
    alsoKnownAs: async () =>
      config.prospects && config.marker === 'note'
        ? prospectKeys((await prospectLinks.all()).values(), stage)
        : new Map<string, string[]>(),
  });
}

/**
 * Reads all companies, with their texts if possible. The guide reads id, name and owners only; reading back all other
 * fields is an assumption.
 * @param reading sends a request at a slot of the pace
 */
export async function companiesOf(
  teamId: string,
  { companyList }: Pick<MoovagoClient, 'companyList'>,
  reading: <Value>(read: (slot: Slot) => Promise<Value>) => Promise<Value>,
): Promise<CompaniesAnswer> {
  const asked = (slot: Slot) => attempt(companyList({ teamId }, slot, textFields));
  const all = await reading(async (slot) => refusedOr(await asked(slot)));
  if (all !== undefined) return { companies: all, readBack: 'all' };
  return { companies: await reading((slot) => companyList({ teamId }, slot)), readBack: 'documented' };
}

/** `undefined` if Moovago does not know the requested fields. Every other failure is thrown. */
function refusedOr<Value>(answer: Attempt<Value>): Value | undefined {
  if (answer.ok) return answer.value;
  if (answer.error instanceof OperationRefused) return undefined;
  throw answer.error;
}

/** Sends one read request at a slot of the pace, and reports the outcome to the pace. */
async function reading<Value>(read: (slot: Slot) => Promise<Value>, app: App): Promise<Value> {
  const { pace } = app;
  const answer = await attempt(read(await slotSoon(app)));
  if (answer.ok) {
    await pace.succeeded();
    return answer.value;
  }
  await reportFailure(failureKind(answer.error, 1), answer.error, app);
  throw answer.error;
}

/**
 * Waits until the next slot is near.
 * @throws TryLater if there is none soon
 */
export async function slotSoon({ pace, clock }: Pick<App, 'pace' | 'clock'>): Promise<Slot> {
  const now = clock.now();
  const { slot, until } = await pace.reserve('live', connectMs, now + slotWithinMs);
  if (slot === undefined)
    throw new TryLater('Moovago has no free slot soon', {
      system: 'Moovago',
      applied: 'no',
      retryAfterMs: until - now,
    });
  await clock.wait(slot.at - connectMs - clock.now());
  return slot;
}
