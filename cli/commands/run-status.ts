import { resolve } from 'node:path';
import { DateTime } from 'luxon';
import { systemClock } from '../../lib/framework/clock.ts';
import { verifyConfig } from '../../lib/jobs/verified-config.ts';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { bulkTimeFrom } from '../../lib/pace/business-hours.ts';
import { paceRules } from '../../lib/pace/pace-rules.ts';
import { createCursorStore, type UnreadableAt } from '../../lib/state/cursor.ts';
import { createDirectoryStore, type UnmatchedOwner } from '../../lib/state/directory.ts';
import { type Failure, isOfNewerCode } from '../../lib/state/folder-row.ts';
import { createFolderRows, type FolderRows } from '../../lib/state/folder-rows.ts';
import { createPilotStore, type Pilot } from '../../lib/state/pilot.ts';
import { createRemovalsStore } from '../../lib/state/removals.ts';
import { type PilotStage, pilotStage } from '../../lib/sync/deliver/pilot-stage.ts';
import { bulkLine, type Held, heldLines, readHeld } from '../held.ts';
import { missingSettings, settingsCure } from '../missing-settings.ts';
import { pilotLines } from '../pilot-lines.ts';
import { print } from '../print.ts';
import { type Prospects, prospectLines, readProspects } from '../prospect-lines.ts';
import { environmentOf } from '../stage-environment.ts';
import { commandText, openState, type State } from '../state.ts';
import { exitStatus, hiddenLine, plural, type SyncReport } from '../sync-report.ts';
import type { StatusOptions } from './status.ts';

const forEver = Number.MAX_SAFE_INTEGER;
/** Of the changes that wait, as many are looked at for the oldest. */
const sampleMax = 100;
const failuresShown = 10;
const unmatchedShown = 5;

type Failed = { folderId: string; kind: Failure['kind']; field?: string; message: string; since: string };

type Status = {
  lastPollAt: string | null;
  lastCompleteScanAt: string | null;
  /** Folders that the last complete scan saw. */
  folders: number | null;
  /** Clavus' list ends before its end: see the report of `sync`. */
  hidden: SyncReport['hidden'];
  /** How many more folders Clavus counts than its lists show. */
  notListed: number;
  /** Folders that the last poll could not read, the first twenty. */
  unreadable: UnreadableAt[];
  /** Folders that have a company in Moovago. */
  linked: number;
  /** Folders that somebody has to look at. */
  failed: number;
  /** Folders that a person left out. */
  leftOut: number;
  /** The first of them. */
  leftOutFolders: string[];
  pending: { live: number; bulk: number };
  /** The first records, which go one by one: `over`, `running`, or `stopped` by a difference. */
  pilot: { stage: PilotStage['kind']; passed: number; stopped?: Pilot['stopped'] };
  /** Rows that a newer version of the connector wrote and this one cannot read, as far as they wait: they are left aside. */
  ofNewerCode: string[];
  /** What is not sent now, and why. */
  held: Held[];
  /** When bulk changes may be sent again, in milliseconds since the epoch. */
  bulkFrom: number;
  /** Messages on the queue. */
  queue: number;
  /** Folders that are not in Clavus any more, but too many at once to be removed by themselves. */
  removalsHeld: number;
  /** What the configuration wants and Moovago's schema has not proved: it is not sent. */
  notProved: string[];
  /** People in Clavus whom no member of the Moovago team is, and mandators that it does not have, with their folders. */
  unmatchedOwners: UnmatchedOwner[];
  /** Whether their folders go to a fallback. Otherwise a company keeps the owner that it has, and none is made. */
  hasFallback: boolean;
  /** How long the oldest change waits to be in Moovago, in seconds; 0 when none does. */
  lagSeconds: number;
  failures: Failed[];
  /** Companies that reps made, and their prospects in Clavus. */
  prospects: Prospects;
};

/** `status`: how things stand, on this machine or on a deployed stage. Returns the exit status. */
export async function runStatus(options: StatusOptions): Promise<number> {
  await using state = await openState(options);
  const notSet = missingSettings(await environmentOf(options.stage), options.stage);
  const config = await loadSyncConfig(resolve(options.config));
  const status = await readStatus(state, config);
  const cure = settingsCure(notSet, options.stage);
  print(options, { ...status, notSet }, [
    ...(notSet.length > 0 ? [`Not set         ${notSet.join(', ')}. ${cure}`] : []),
    ...statusLines(status, options, config.pace),
  ]);
  return notSet.length > 0 ? exitStatus.configuration : exitStatus.done;
}

/** How things stand, from the table and the queue. */
export async function readStatus(
  { table, queue }: Pick<State, 'table' | 'queue'>,
  config: SyncConfig,
): Promise<Status> {
  const now = systemClock.now();
  const rows = createFolderRows(table, () => crypto.randomUUID());
  const cursor = await createCursorStore(table).read();
  const pilot = await createPilotStore(table).read();
  const { held: overLimit } = await createRemovalsStore(table).read();
  const { createdColumn, modifiedColumn } = config.clavus;
  const isDated = (createdColumn ?? modifiedColumn) !== undefined;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    lastPollAt: iso(cursor?.lastPollAt),
    lastCompleteScanAt: iso(cursor?.lastCompleteScanAt),
    folders: cursor?.folders ?? null,
    hidden: cursor?.hidden ? { ...cursor.hidden, isDated } : null,
    notListed: cursor?.excess ?? 0,
    unreadable: cursor?.unreadable ?? [],
    linked: await rows.countLinked(),
    failed: await rows.countDue('failed', forEver),
    leftOut: await rows.countDue('ignored', forEver),
    leftOutFolders: (await rows.due('ignored', forEver, sampleMax)).map(({ rowId }) => rowId),
    pending: { live: await rows.countDue('live', forEver), bulk: await rows.countDue('bulk', forEver) },
    pilot: {
      stage: pilotStage(pilot, config.pilot).kind,
      passed: pilot.passed.length,
      stopped: pilot.stopped,
    },
    ofNewerCode: await readNewer(rows, await createCursorStore(table).readUnsettled()),
    held: await readHeld({ rows, table }, config),
    bulkFrom: bulkTimeFrom(now, paceRules(config, false).business),
    queue: await queue.depth(),
    removalsHeld: overLimit?.folders ?? 0,
    notProved: Object.keys((await verifyConfig(config, table)).refused),
    unmatchedOwners: await createDirectoryStore(table).readUnmatched(),
    hasFallback: config.owners.fallback !== undefined,
    lagSeconds: await lagSeconds(rows, now),
    failures: await readFailures(rows),
    prospects: await readProspects(table),
  };
}

async function lagSeconds(rows: FolderRows, now: number): Promise<number> {
  const entries = [
    ...(await rows.due('live', forEver, sampleMax)),
    ...(await rows.due('bulk', forEver, sampleMax)),
  ];
  const waiting = (await rows.read(entries.map(({ rowId }) => rowId))).values();
  const since = [...waiting].map(({ desired }) => desired?.at ?? now);
  return Math.round((now - Math.min(now, ...since)) / 1000);
}

/** Of the rows that are due, of those that failed, and of those that every poll compares again. */
async function readNewer(rows: FolderRows, unsettled: readonly string[]): Promise<string[]> {
  const lanes = ['live', 'bulk', 'failed'] as const;
  const due = await Promise.all(lanes.map((lane) => rows.due(lane, forEver, sampleMax)));
  const found = await rows.read([...due.flat().map(({ rowId }) => rowId), ...unsettled]);
  return [...found.values()].filter(isOfNewerCode).map(({ folderId }) => folderId);
}

async function readFailures(rows: FolderRows): Promise<Failed[]> {
  const entries = await rows.due('failed', forEver, sampleMax);
  const found = await rows.read(entries.map(({ rowId }) => rowId));
  return entries.flatMap(({ rowId: folderId }) => {
    const failure = found.get(folderId)?.failure;
    if (failure === undefined) return [];
    const { kind, field, message, firstAt } = failure;
    return [{ folderId, kind, ...(field ? { field } : {}), message, since: new Date(firstAt).toISOString() }];
  });
}

/** "folder f12 (page 2, place 3)" */
function unreadableText({ id, page, place }: UnreadableAt): string {
  const where = page === undefined ? '' : `page ${page}, place ${place}`;
  if (id === undefined) return `a folder (${where})`;
  return where === '' ? `folder ${id}` : `folder ${id} (${where})`;
}

function unmatchedLine({ person, kind = 'owner', folders }: UnmatchedOwner, { hasFallback }: Status): string {
  const who = `Not in Moovago  ${person}, the ${kind} of ${plural(folders, 'folder', 'folders')}`;
  const effect =
    kind === 'mandator' || hasFallback
      ? ''
      : '. Companies that are there keep their owner, and get everything else; no new one is made';
  return `${who}${effect}: see ${kind}s.overrides`;
}

function statusLines(status: Status, options: StatusOptions, pace: SyncConfig['pace']): string[] {
  const {
    lastPollAt,
    lastCompleteScanAt,
    linked,
    failed,
    pending,
    queue,
    lagSeconds: lag,
    failures,
  } = status;
  const when = (at: string | null) => (at === null ? 'never' : (DateTime.fromISO(at).toRelative() ?? at));
  const more = failed - Math.min(failures.length, failuresShown);
  return [
    `Last poll       ${when(lastPollAt)}`,
    `Complete scan   ${when(lastCompleteScanAt)}${status.folders === null ? '' : `, ${plural(status.folders, 'folder', 'folders')}`}`,
    ...(status.hidden ? [`Not all read    ${hiddenLine(status.hidden)}`] : []),
    ...(status.notListed > 0
      ? [
          `Not shown       Clavus counts ${plural(status.notListed, 'folder', 'folders')} more than it shows to this key`,
        ]
      : []),
    ...status.unreadable.map(
      (folder) => `Unreadable      ${unreadableText(folder)}: it keeps its last state`,
    ),
    `In Moovago      ${plural(linked, 'company', 'companies')}`,
    `Waiting         ${pending.live} live, ${pending.bulk} in bulk; ${queue} on the queue; the oldest for ${lag} s`,
    ...heldLines(status.held, pace),
    ...bulkLine(pending.bulk, status.bulkFrom, pace),
    ...(status.ofNewerCode.length > 0
      ? [
          `Left aside      ${plural(status.ofNewerCode.length, 'row', 'rows')} that a newer version of the connector wrote (${status.ofNewerCode.slice(0, failuresShown).join(', ')}): deploy that version again`,
        ]
      : []),
    ...(status.pilot.stage === 'running' ? [`Pilot           ${status.pilot.passed} read back so far`] : []),
    ...(status.pilot.stopped ? pilotLines(status.pilot.stopped) : []),
    ...(status.removalsHeld > 0
      ? [
          `Removals held   ${plural(status.removalsHeld, 'folder', 'folders')}: ${commandText('removals', options)}`,
        ]
      : []),
    ...status.unmatchedOwners.slice(0, unmatchedShown).map((one) => unmatchedLine(one, status)),
    ...status.notProved.map(
      (name) => `Not sent        ${name}: not proved yet, run check --moovago-schema FILE`,
    ),
    ...(status.leftOut > 0
      ? [
          `Left out        ${plural(status.leftOut, 'folder', 'folders')} by hand: ${status.leftOutFolders.slice(0, failuresShown).join(', ')}${status.leftOut > failuresShown ? ', …' : ''}`,
        ]
      : []),
    `Failed          ${failed}`,
    ...failures
      .slice(0, failuresShown)
      .map(({ folderId, field, message }) => `  ${folderId}  ${field ? `${field}: ` : ''}${message}`),
    ...(more > 0 ? [`  … and ${more} more: ${commandText('status --json', options)}`] : []),
    ...prospectLines(status.prospects),
  ];
}
