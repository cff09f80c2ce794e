import type { ProspectsConfig } from '../../mapping/prospects-config.ts';
import type { CompaniesById } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { companyIdOf, type ProspectLink, type ProspectLinks } from '../../state/prospect-links.ts';
import type { FindDependencies, FindOptions } from './find-prospects.ts';
import type { SendProspectDependencies } from './send-prospect.ts';

export type SendProspectsDependencies = FindDependencies &
  Omit<SendProspectDependencies, 'isReps'> & {
    prospectLinks: Pick<ProspectLinks, 'all' | 'readKnown' | 'addKnown' | 'open'>;
    /** Folders whose delivery waits or failed; `undefined` if there are too many to read. */
    waitingFolders(): Promise<FolderRow[] | undefined>;
  };

export type SendProspectsOptions = FindOptions & {
  prospects: ProspectsConfig;
  /** Companies that the operator named, to be sent even if they were refused or blocked before. */
  asked: readonly string[];
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
};

/** One run: the links as they are, by company id, and the companies as Moovago shows them. */
export type ProspectRun = {
  links: Map<string, ProspectLink>;
  companies: CompaniesById;
  options: SendProspectsOptions;
  dependencies: SendProspectsDependencies;
};

/** Saves a link, and updates it in this run. */
export async function changeLink(
  before: ProspectLink | undefined,
  after: ProspectLink,
  { links, dependencies }: ProspectRun,
): Promise<void> {
  const saved = await dependencies.prospectLinks.save(before, after);
  if (saved !== undefined) links.set(companyIdOf(saved), saved);
  // The other process's version counts; the next run reads it.
  else links.delete(companyIdOf(after));
}
