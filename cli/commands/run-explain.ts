import { childNames } from '../../lib/moovago/entities/entity.ts';
import { createFolderRows } from '../../lib/state/folder-rows.ts';
import { childRowId } from '../../lib/state/row-id.ts';
import { type Explanation, explanationLines } from '../explain/explanation-lines.ts';
import { type FoldersFound, findFolders } from '../explain/find-folders.ts';
import { mapAsNow } from '../explain/map-as-now.ts';
import { belongingOutcome, outcomeAndNextStep } from '../explain/outcome.ts';
import { requireSettings } from '../missing-settings.ts';
import { print } from '../print.ts';
import { explanationOfProspect, prospectLinksIn } from '../prospect-lines.ts';
import { environmentOf } from '../stage-environment.ts';
import { openState } from '../state.ts';
import { openClavus } from '../systems.ts';
import type { ExplainOptions } from './explain.ts';

const nobody: FoldersFound = { total: 0, folders: [] };

/**
 * `explain FOLDER`: what Clavus has, what it maps to, what Moovago was given, what went wrong; or, of a company that a rep
 * made, what became of it in Clavus. Returns the exit status.
 */
export async function runExplain(folderId: string, options: ExplainOptions): Promise<number> {
  const environment = await environmentOf(options.stage);
  if (options.stage === undefined) requireSettings(environment);
  await using state = await openState(options);
  const rows = createFolderRows(state.table, () => crypto.randomUUID());
  const found = await rows.read([folderId, ...childNames.map((child) => childRowId(child, folderId))]);
  const row = found.get(folderId) ?? null;
  const link = row === null ? await prospectLinksIn(state.table).read(folderId) : undefined;
  if (link !== undefined) {
    print(options, { companyId: folderId, ...link }, explanationOfProspect(link, options));
    return 0;
  }
  const clavus = openClavus(environment, options.stage);
  const folder = (await clavus.getValuesByIds([folderId])).find(({ id }) => id === folderId);
  const inClavus = folder !== undefined;
  const { mapped, people, isLeftOut } = folder
    ? await mapAsNow(folder, state, { options, environment })
    : { mapped: null, people: [], isLeftOut: false };
  const isKnown = inClavus || row !== null;
  const byName = isKnown ? nobody : await findFolders(folderId, clavus, options.config);
  const explanation: Explanation = {
    folderId,
    ...outcomeAndNextStep({ folderId, row, inClavus, mapped, isLeftOut, byName }, options),
    inClavus,
    mapped,
    people,
    byName: byName.folders,
    row,
    belongings: childNames.flatMap((child) => {
      const own = found.get(childRowId(child, folderId));
      return own ? [{ child, outcome: belongingOutcome(own), row: own }] : [];
    }),
  };
  print(options, explanation, explanationLines(explanation));
  return 0;
}
