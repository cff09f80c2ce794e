import type { Remains } from './remains.ts';
import type { World } from './world.ts';

/** A company may not be listed yet when its record of the pilot is read back. */
const looksAtPilot = 3;

function forbiddenIn({ plan: { hasProspects, wire } }: World): string[] {
  const forbidden = ['dead letters', 'slot missed by a write', 'log failed'];
  // Clavus refuses to update a prospect that has become a folder, and such a server does not say that it refused.
  const isMute = wire?.masksErrors === true || wire?.dialect === 'graphql-java';
  return hasProspects && isMute ? forbidden : [...forbidden, 'metric OutcomesUnknown'];
}

/** What a run without faults may cost, and what must not happen in it at all. */
export function checkCalm(world: World, { ledger, clavus, companies, contacts }: Remains): void {
  const counts = world.counts();
  for (const forbidden of forbiddenIn(world))
    if (counts[forbidden] !== undefined) world.fail('calm', `${forbidden}: ${counts[forbidden]}`);
  const { recordsWritten, readRequests } = ledger.traffic();
  // A folder that takes a company over writes it once, whole.
  const takenOver = world.plan.customers > 0 ? clavus.folders.size : 0;
  // An edit may also be one of its contact.
  const perEdit = world.plan.hasContacts ? 2 : 1;
  const made = companies.count() + contacts.count();
  // The company of a folder that is gone may be told so.
  const wanted = made + takenOver + perEdit * (counts.edit ?? 0) + (counts['folder removed'] ?? 0);
  if (recordsWritten > wanted)
    world.fail('calm', `${recordsWritten} records were sent for ${wanted} changes of ${clavus.folders.size}`);
  const hours = Math.ceil((world.now() - world.plan.startsAt) / 3_600_000);
  // The team and its companies, every hour; twice where Moovago first refuses to give more than it must.
  const perHour = world.plan.isReadable ? 2 : 3;
  // A pilot of more records than there are folders goes on.
  const piloted = world.plan.pilot > 0 ? clavus.folders.size + (counts.edit ?? 0) : 0;
  // And what a company holds of the fields that are for who comes first, before a folder takes it over.
  const looks = (world.plan.cityPolicy === 'fill-empty' ? takenOver : 0) + looksAtPilot * piloted;
  const turns = Math.ceil((hours * 3_600_000) / world.plan.refreshEveryMs) + 1;
  // What belongs to a company that was there before is looked for before it is made.
  const contactLooks = contacts.count();
  if (readRequests > perHour * turns + looks + contactLooks + 4)
    world.fail('calm', `${readRequests} reads in ${hours} hours`);
}
