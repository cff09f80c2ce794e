import { attempt } from '../../framework/attempt.ts';
import { type Company, type CompanyRecord, textFields } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FieldDifference, Pilot } from '../../state/pilot.ts';
import type { CompaniesRead } from '../match/refresh-companies.ts';
import type { DeliverDependencies, PilotDependencies } from './delivery.ts';
import { pilotStage } from './pilot-stage.ts';
import { type SendOptions, sendInTurn } from './send-document.ts';

/** How long Moovago's list may need to show what was just written, in milliseconds, and how often it is looked at. */
const listLag = { waitMs: 5_000, looksMax: 3 };

/** Which folders' companies were read back as they were sent, so that what belongs to them may follow. */
export async function passedPilot(
  { pilot }: Pick<SendOptions, 'pilot'>,
  { readPilot }: Pick<PilotDependencies, 'readPilot'>,
): Promise<(folderId: string) => boolean> {
  if (pilot === 0) return () => true;
  const state = await readPilot();
  const isOver = pilotStage(state, pilot).kind === 'over';
  return (folderId) => isOver || state.passed.includes(folderId);
}

type Sorted = {
  /** To be delivered like any other. */
  ready: FolderRow[];
  /** To come back a little later. */
  wait: FolderRow[];
};

/**
 * As Moovago's guide asks: the first records of a new stage go one by one, each is read back and compared field by field,
 * and only when they are as they were sent does the rest follow. A difference stops everything until somebody has
 * corrected the mapping (the record is then sent and compared again) or has said that there is to be no pilot.
 */
export async function runPilot(
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const all = { ready: [...rows], wait: [] };
  if (options.pilot === 0) return all;
  if (pilotStage(await dependencies.readPilot(), options.pilot).kind === 'over') return all;
  const taken = await dependencies.takePilotLease();
  if ('heldUntil' in taken) return { ready: [], wait: [...rows] };
  const sorted = await attempt(sendOneByOne(rows, options, dependencies));
  await taken.lease.release();
  if (!sorted.ok) throw sorted.error;
  return sorted.value;
}

async function sendOneByOne(
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<Sorted> {
  const { pace, readPilot, savePilot } = dependencies;
  let left = [...rows];
  for (;;) {
    const pilot = await readPilot();
    const stage = pilotStage(pilot, options.pilot);
    if (stage.kind === 'over') return { ready: left, wait: [] };
    if (pilot.current !== undefined) {
      if (await isReadBack(pilot.current, pilot, options, dependencies)) continue;
      return { ready: [], wait: left };
    }
    const next =
      stage.kind === 'stopped' ? left.find(({ folderId }) => folderId === stage.folderId) : left[0];
    if (next === undefined) return { ready: [], wait: left };
    // Also in business hours: a few records that go one by one are no mass.
    if ((await pace.look('live', options.latest)).at === undefined) return { ready: [], wait: left };
    left = left.filter((row) => row !== next);
    await savePilot({ ...pilot, current: next.folderId });
    await sendInTurn([[next]], 'live', options, dependencies);
  }
}

/**
 * Compares the company of the pilot's current folder with what was sent, and writes down what came of it.
 * @returns whether the pilot may go on: not when they differ, or when the company could not be read
 */
async function isReadBack(
  folderId: string,
  pilot: Pilot,
  { settleAfterMs }: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, log, readRows, savePilot } = dependencies;
  const { companyId, applied, status } = (await readRows([folderId])).get(folderId) ?? {};
  if (status !== 'delivered' || companyId === undefined || applied === undefined) {
    // Refused, or of unknown outcome: that is for its row to tell, and another record takes its turn.
    await savePilot({ ...pilot, current: undefined });
    return true;
  }
  const look = await readCompany(companyId, dependencies);
  if (look === undefined) return false;
  const at = clock.now();
  if (look.company === undefined && at - applied.at < settleAfterMs) return false;
  const fields = differences(companyId, applied.record, look);
  if (fields.length === 0) {
    log.info('pilot-passed', { folderId, companyId, readBack: look.readBack });
    const passed = [...new Set([...pilot.passed, folderId])];
    await savePilot({ ...pilot, passed, current: undefined, stopped: undefined });
    return true;
  }
  log.error('pilot-stopped', { folderId, companyId, fields: fields.map(({ field }) => field) });
  await savePilot({ ...pilot, current: undefined, stopped: { folderId, companyId, at, fields } });
  return false;
}

type Look = { company: Company | undefined; readBack: CompaniesRead['readBack'] };

/** The company as Moovago's list shows it; nothing when the list could not be read. */
async function readCompany(
  companyId: string,
  { clock, log, readCompanies }: DeliverDependencies,
): Promise<Look | undefined> {
  for (let look = 1; ; look++) {
    const read = await attempt(readCompanies());
    if (!read.ok) {
      log.warn('pilot-not-read-back', {
        companyId,
        error: read.error instanceof Error ? read.error.name : '',
      });
      return undefined;
    }
    const { companies, readBack } = read.value;
    const company = companies.find(({ id }) => id === companyId);
    if (company !== undefined || look === listLag.looksMax) return { company, readBack };
    await clock.wait(listLag.waitMs);
  }
}

/** What Moovago holds otherwise than it was sent. Only the documented fields can be compared where it shows no others. */
function differences(companyId: string, sent: CompanyRecord, { company, readBack }: Look): FieldDifference[] {
  if (company === undefined) return [{ field: 'id', sent: companyId, found: '' }];
  const texts = readBack === 'all' ? textFields : (['name'] as const);
  const text = (owners: readonly string[] | undefined) => [...(owners ?? [])].sort().join(', ');
  const pairs = [
    ...texts.map((field) => ({ field, sent: sent[field], found: company[field] ?? '' })),
    { field: 'ownerIds', sent: sent.ownerIds && text(sent.ownerIds), found: text(company.ownerIds) },
  ];
  return pairs.flatMap(({ field, sent: wanted, found }) =>
    wanted === undefined || wanted === found ? [] : [{ field, sent: wanted, found }],
  );
}
