import { markerFor } from '../../mapping/marker.ts';
import { matchKeys } from '../../mapping/match-keys.ts';
import { companyIdOf, type ProspectLink } from '../../state/prospect-links.ts';

/**
 * The keys by which the folder of a converted prospect finds its company, if the two have the same id in Clavus. They
 * work whatever the office has changed since. That the ids are the same is an assumption: the guide does not say what a
 * prospect becomes.
 */
export function prospectKeys(links: Iterable<ProspectLink>, stage: string): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const link of links) {
    if (link.prospectId === undefined || link.status === 'owned') continue;
    const note = markerFor(stage, link.prospectId);
    keys.set(
      companyIdOf(link),
      matchKeys({ note }, { match: ['marker'], matchIgnore: [], stage }).map(({ key }) => key),
    );
  }
  return keys;
}
