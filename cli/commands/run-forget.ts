import { resolve } from 'node:path';
import { DateTime } from 'luxon';
import { systemClock } from '../../lib/framework/clock.ts';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { type ForgetApp, type Forgotten, forgetJob, type NotForgotten } from '../../lib/jobs/forget-job.ts';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { createCursorStore } from '../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../lib/state/directory.ts';
import { createFingerprints } from '../../lib/state/fingerprints.ts';
import { createHints } from '../../lib/state/hints.ts';
import { createPilotStore } from '../../lib/state/pilot.ts';
import { createProspectLinks } from '../../lib/state/prospect-links.ts';
import { createRemovalsStore } from '../../lib/state/removals.ts';
import { rowsOf } from '../decisions.ts';
import { print } from '../print.ts';
import { commandText, openState, type State, type StateOptions } from '../state.ts';
import { exitStatus, plural } from '../sync-report.ts';
import type { ForgetOptions } from './forget.ts';

/** How many days a stage of `serverless.yml` keeps what was erased: DynamoDB's recovery keeps 35, if nothing else is set. */
export const keptDays = { backups: 35, logs: 30, queues: 14 } as const;

/** `forget`: erases what the connector keeps of a customer. Returns the exit status. */
export async function runForget(id: string, options: ForgetOptions): Promise<number> {
  const config = await loadSyncConfig(resolve(options.config));
  await using state = await openState(options);
  const forgotten = await forgetJob(id, forgetAppOf(state, config), state.alone);
  if ('refused' in forgotten)
    throw new ConfigurationError(id, whyNotForgotten(id, forgotten, { ...options, config }));
  const until = options.stage === undefined ? undefined : keptUntil(systemClock.now(), config);
  print(options, { folderId: id, ...forgotten, until: until ?? null }, [
    `What the connector kept of ${id} is erased: ${countsText(forgotten)}.`,
    ...companyLines(forgotten),
    ...forgotten.prospectIds.map((prospectId) => `Clavus has prospect ${prospectId} of it: delete it there.`),
    ...(until === undefined
      ? [
          `Copies that you made of ${options.dataDir} keep it, and so does ${options.dataDir}/dynamodb.imported, the state of 0.1.0: delete them.`,
        ]
      : [
          `The table's backups keep it until ${until.backups}, logs and queues the id alone until ${until.logs}.`,
          'Do not restore the table to a moment before now without running forget again. Copies of your own are yours to delete.',
        ]),
  ]);
  return exitStatus.done;
}

function forgetAppOf({ table }: State, config: SyncConfig): ForgetApp {
  const { rows, matchIndex, clock } = rowsOf({ table });
  const newId = () => crypto.randomUUID();
  return {
    clock,
    config,
    cursor: createCursorStore(table),
    directory: createDirectoryStore(table),
    fingerprints: createFingerprints(table),
    hints: createHints(table),
    matchIndex,
    newId,
    pilot: createPilotStore(table),
    prospectLinks: createProspectLinks(table, newId),
    removals: createRemovalsStore(table),
    rows,
    table,
  };
}

/** The last days on which a stage has it, as `2026-11-24`. */
export function keptUntil(now: number, { pace: { timezone: zone } }: Pick<SyncConfig, 'pace'>) {
  const today = DateTime.fromMillis(now, { zone });
  const after = (days: number) => today.plus({ days }).toFormat('yyyy-MM-dd');
  return { backups: after(keptDays.backups), logs: after(keptDays.logs), queues: after(keptDays.queues) };
}

const countsText = ({ rows, keys, prospects }: Forgotten): string =>
  [plural(rows, 'row', 'rows'), plural(keys, 'match key', 'match keys')]
    .concat(prospects === 0 ? [] : [plural(prospects, 'link to a prospect', 'links to a prospect')])
    .join(', ');

function companyLines({ companies }: Forgotten): string[] {
  return companies.map(({ companyId, isListed, sharedWith }) => {
    if (sharedWith.length > 0)
      return `Company ${companyId} is also that of ${sharedWith.map((id) => `folder ${id}`).join(' and ')}: it stays.`;
    return isListed
      ? `Moovago still showed its company ${companyId} when it was last read: delete it there. Its hashed match keys go with it.`
      : `Moovago did not show its company ${companyId} any more when it was last read.`;
  });
}

/** Why nothing was erased, and what to do. */
export function whyNotForgotten(
  id: string,
  refusal: NotForgotten,
  { stage, config }: Pick<StateOptions, 'stage'> & { config: Pick<SyncConfig, 'pace'> },
): string {
  const again = (command: string) => commandText(command, stage === undefined ? {} : { stage });
  switch (refusal.refused) {
    case 'unknown':
      return `the connector keeps nothing of it. Check the id: ${again('explain NAME')} finds it by name.`;
    case 'newer':
      return 'a newer version of the connector wrote its row. Use the command of that version.';
    case 'changed':
      return 'it has changed at this very moment. Run the same command again.';
    case 'shown':
      return `Clavus still shows this folder, and the next poll would bring it back. Delete it in Clavus, and try again once ${again(`explain ${id}`)} says that it is gone.`;
    case 'removing':
      return `this folder is gone from Clavus, and Moovago does not know it yet. Try again after the next delivery.`;
    case 'owned':
      return `this company is that of folder ${refusal.by}. Erase that: ${again(`forget ${refusal.by}`)}`;
    case 'under-way':
    case 'polling': {
      const until = DateTime.fromMillis(refusal.until, { zone: config.pace.timezone }).toFormat('HH:mm:ss');
      return refusal.refused === 'polling'
        ? `a poll or a delivery is running, and could write it again. Try again after ${until}.`
        : `a request of it is under way, or its outcome is not known yet. Try again after ${until}.`;
    }
  }
}
