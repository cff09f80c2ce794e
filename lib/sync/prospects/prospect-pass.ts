import type { ProspectsConfig } from '../../mapping/prospects-config.ts';
import type { Company } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { companyIdOf, type ProspectLink, type ProspectLinks } from '../../state/prospect-links.ts';
import type { FindDependencies, FindOptions } from './find-prospects.ts';
import type { SendProspectDependencies } from './send-prospect.ts';

export type SendProspectsDependencies = FindDependencies &
  Omit<SendProspectDependencies, 'isReps'> & {
    readLinks: ProspectLinks['all'];
    readKnown: ProspectLinks['readKnown'];
    addKnown: ProspectLinks['addKnown'];
    open: ProspectLinks['open'];
    /** Folders whose delivery waits or failed; nothing while there are too many to look at. */
    waitingFolders(): Promise<FolderRow[] | undefined>;
  };

export type SendProspectsOptions = FindOptions & {
  prospects: ProspectsConfig;
  /** Companies that somebody named, to be sent whatever stood in their way. */
  asked: readonly string[];
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
};

/** One turn: the links as they stand, by company id, and the companies as Moovago shows them. */
export type ProspectPass = {
  links: Map<string, ProspectLink>;
  companies: ReadonlyMap<string, Company>;
  options: SendProspectsOptions;
  dependencies: SendProspectsDependencies;
};

/** Writes a link down, and knows it from then on. */
export async function changeLink(
  before: ProspectLink | undefined,
  after: ProspectLink,
  { links, dependencies }: ProspectPass,
): Promise<void> {
  const saved = await dependencies.saveLink(before, after);
  if (saved !== undefined) links.set(companyIdOf(saved), saved);
  // Somebody else's word counts, and is read in the next turn.
  else links.delete(companyIdOf(after));
}
