import { attempt } from '../../framework/attempt.ts';
import { type Company, type CompanyRecord, textFields } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { underLease } from '../../state/lease.ts';
import type { FieldDifference, Pilot } from '../../state/pilot.ts';
import type { CompaniesRead } from '../match/refresh-companies.ts';
import type { DeliverDependencies } from './delivery.ts';
import { pilotStage } from './pilot-stage.ts';
import { type SendOptions, sendInTurn } from './send-document.ts';

/**
 * Moovago's list may lag behind a write. `waitMs`: the wait between two reads, in milliseconds. `looksMax`: how many
 * reads.
 */
const listLag = { waitMs: 5_000, looksMax: 3 };

/**
 * Tells after which companies their children may follow: those that were read back as they were sent, and those that
 * were delivered before the pilot began.
 */
export async function passedPilot(
  options: Pick<SendOptions, 'pilot'>,
  { pilot }: Pick<DeliverDependencies, 'pilot'>,
): Promise<(company: FolderRow) => boolean> {
  if (options.pilot === 0) return () => true;
  const state = await pilot.read();
  const isOver = pilotStage(state, options.pilot).kind === 'over';
  const tried = [state.current, state.stopped?.folderId];
  const isEarlier = ({ folderId, applied }: FolderRow) =>
    (applied?.version ?? 0) > 0 && !tried.includes(folderId);
  return (company) => isOver || state.passed.includes(company.folderId) || isEarlier(company);
}

type Sorted = {
  /** To be delivered like any other row. */
  ready: FolderRow[];
  /** To be tried a little later. */
  wait: FolderRow[];
};

/**
 * As Moovago's guide asks, the first records of a new stage go one by one. Each is read back and compared field by
 * field, and the rest follows only if they are equal. A difference stops everything until the operator corrects the
 * mapping, or decides to have no pilot. After a correction, the record is sent and compared again.
 */
export async function runPilot(
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const all = { ready: [...rows], wait: [] };
  if (options.pilot === 0) return all;
  if (pilotStage(await dependencies.pilot.read(), options.pilot).kind === 'over') return all;
  const taken = await dependencies.takePilotLease();
  if ('heldUntil' in taken) return { ready: [], wait: [...rows] };
  return underLease(taken.lease, () => sendOneByOne(rows, options, dependencies));
}

const trialOf = ({ folderId, companyId }: FolderRow): Pick<Pilot, 'current' | 'isUpdate'> => ({
  current: folderId,
  isUpdate: companyId === undefined ? undefined : true,
});

async function sendOneByOne(
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const { pace } = dependencies;
  let left = [...rows];
  for (;;) {
    const pilot = await dependencies.pilot.read();
    const stage = pilotStage(pilot, options.pilot);
    if (stage.kind === 'over') return { ready: left, wait: [] };
    if (pilot.current !== undefined) {
      if (await isReadBack(pilot.current, pilot, options, dependencies)) continue;
      return { ready: [], wait: left };
    }
    const next =
      stage.kind === 'stopped' ? left.find(({ folderId }) => folderId === stage.folderId) : left[0];
    if (next === undefined) return { ready: [], wait: left };
    // Also in business hours: a few records that go one by one are not bulk.
    if ((await pace.peek('live', options.latest)).at === undefined) return { ready: [], wait: left };
    left = left.filter((row) => row !== next);
    await dependencies.pilot.save({ ...pilot, ...trialOf(next) });
    await sendInTurn([[next]], 'live', options, dependencies);
  }
}

/**
 * Compares the company of the pilot's current folder with what was sent, and stores the result.
 * @returns whether the pilot may go on: not if they differ, or if the company could not be read
 */
async function isReadBack(
  folderId: string,
  pilot: Pilot,
  { settleAfter, pilot: records }: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, rows } = dependencies;
  const { log } = dependencies.telemetry;
  const { companyId, applied, status } = (await rows.read([folderId])).get(folderId) ?? {};
  const next = { ...pilot, current: undefined, isUpdate: undefined };
  if (status !== 'delivered' || companyId === undefined || applied === undefined) {
    // Not delivered: the reason is in the row. Try another record.
    await dependencies.pilot.save(next);
    return true;
  }
  const shown = await readCompany(companyId, dependencies);
  if (shown === undefined) return false;
  const at = clock.now();
  const { fields, unread } = differences(companyId, applied.record, shown);
  const { isUpdate = false } = pilot;
  // A list that lags shows a company late, and what it was before an update.
  const mayLag = shown.company === undefined || (isUpdate && fields.length > 0);
  if ((mayLag || unread.length > 0) && at - applied.at < settleAfter) return false;
  // It was there before, and a person has deleted it since; or Moovago cannot show a field. Neither is about the mapping.
  if ((shown.company === undefined && isUpdate) || unread.length > 0) {
    log.warn('pilot-not-read-back', { companyId, fields: unread });
    await dependencies.pilot.save({ ...next, stopped: undefined });
    return true;
  }
  if (fields.length === 0) {
    log.info('pilot-passed', { folderId, companyId, readBack: shown.readBack });
    const passed = [...new Set([...pilot.passed, folderId])];
    await dependencies.pilot.save({ ...next, passed, over: passed.length >= records, stopped: undefined });
    return true;
  }
  log.error('pilot-stopped', { folderId, companyId, fields: fields.map(({ field }) => field) });
  await dependencies.pilot.save({ ...next, stopped: { folderId, companyId, at, fields } });
  return false;
}

type ReadBack = { company: Company | undefined; readBack: CompaniesRead['readBack'] };

/** The company as Moovago's list shows it; `undefined` if the list could not be read. */
async function readCompany(
  companyId: string,
  { clock, telemetry, readCompanies }: DeliverDependencies,
): Promise<ReadBack | undefined> {
  for (let round = 1; ; round++) {
    const read = await attempt(readCompanies());
    if (!read.ok) {
      telemetry.log.warn('pilot-not-read-back', {
        companyId,
        error: read.error instanceof Error ? read.error.name : '',
      });
      return undefined;
    }
    const { companies, readBack } = read.value;
    const company = Iterator.from(companies).find(({ id }) => id === companyId);
    if (company !== undefined || round === listLag.looksMax) return { company, readBack };
    await clock.wait(listLag.waitMs);
  }
}

/**
 * The fields that Moovago holds differently than they were sent, and those that it cannot show. If it shows only the
 * documented fields, only those are compared.
 */
function differences(
  companyId: string,
  sent: CompanyRecord,
  { company, readBack }: ReadBack,
): { fields: FieldDifference[]; unread: string[] } {
  if (company === undefined) return { fields: [{ field: 'id', sent: companyId, found: '' }], unread: [] };
  const texts = readBack === 'all' ? textFields : (['name'] as const);
  const text = (owners: readonly string[] | undefined) => [...(owners ?? [])].sort().join(', ');
  const pairs = [
    ...texts.map((field) => ({ field, sent: sent[field], found: company[field] ?? '' })),
    { field: 'ownerIds', sent: sent.ownerIds && text(sent.ownerIds), found: text(company.ownerIds) },
  ];
  const isUnread = (field: string) => company.unread?.includes(field) === true;
  const compared = pairs.flatMap(({ field, sent: expected, found }) =>
    expected === undefined ? [] : [{ field, sent: expected, found }],
  );
  return {
    fields: compared.filter(({ field, sent, found }) => sent !== found && !isUnread(field)),
    unread: compared.map(({ field }) => field).filter(isUnread),
  };
}
