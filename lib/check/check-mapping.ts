import type { Folder, User } from '../clavus/folder.ts';
import type { KnownColumn } from '../mapping/columns.ts';
import { createFolderMapper } from '../mapping/map-folder.ts';
import { createMemberFinder, personName } from '../mapping/owners.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { Company, CompanyRecord, Mandator, Member } from '../moovago/company.ts';
import { checkOverrides } from './check-overrides.ts';
import { checkShared } from './check-shared.ts';
import { error, type Finding, note, warning } from './finding.ts';

export type MappingSample = {
  config: SyncConfig;
  known: readonly KnownColumn[];
  folders: readonly Folder[];
  users: readonly User[];
  members: readonly Member[];
  /** Present if the tenant maps mandators and Moovago's list could be read. */
  mandators?: readonly Mandator[] | undefined;
  /** Moovago's companies, if they could be read. */
  companies?: Iterable<Company> | undefined;
};

/** Maps a sample of folders. Reports folders that cannot be mapped, and people who are not in Moovago's team. */
export function checkMapping({
  config,
  known,
  folders,
  users,
  members,
  mandators,
  companies = [],
}: MappingSample): Finding[] {
  const map = createFolderMapper({ config, knownColumns: known, users, members, mandators, stage: 'check' });
  const reasons = new Map<string, { field: string; reason: string; folders: number }>();
  const people = new Map<string, number>();
  const unknown = new Map<string, number>();
  const records: CompanyRecord[] = [];
  for (const folder of folders) {
    const mapped = map(folder);
    for (const person of new Set(mapped.unmatched)) people.set(person, (people.get(person) ?? 0) + 1);
    for (const name of new Set(mapped.unknownMandators)) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    if (mapped.kind === 'mapped') records.push(mapped.record);
    // Owners who are not found are reported by person.
    if (mapped.kind === 'mapped' || mapped.unmatched !== undefined) continue;
    const { field, reason } = mapped;
    const key = `${field}: ${reason}`;
    reasons.set(key, { field, reason, folders: (reasons.get(key)?.folders ?? 0) + 1 });
  }
  const unmappable = [...reasons.values()].map(({ field, reason, folders: count }) =>
    warning(field, `${count} of ${folders.length} folders cannot be mapped: ${reason}`, {
      cure: 'Correct them in Clavus, or name another column besides. They are reported, and hold nothing else up.',
    }),
  );
  return [
    ...unmappable,
    ...checkOverrides({ config, known, folders, users }),
    ...unmatchedPeople(people, { config, folders, users, members }),
    ...unknownMandators(unknown),
    ...checkShared(records, companies, { ...config, stage: 'check' }),
  ];
}

function unknownMandators(unknown: ReadonlyMap<string, number>): Finding[] {
  if (unknown.size === 0) return [];
  return [
    warning('mandators', 'some that folders name are not in Moovago: their companies go without them', {
      cure: 'Name them in mandators.overrides, as Clavus has them here:',
      people: [...unknown].map(([name, folders]) => `${name}: ${folders} of the folders`),
    }),
  ];
}

function unmatchedPeople(
  people: ReadonlyMap<string, number>,
  { config: { owners, company }, folders, users, members }: Omit<MappingSample, 'known'>,
): Finding[] {
  if (company.ownerIds === undefined || folders.length === 0) return [];
  if (people.size === 0)
    return [
      note('company.ownerIds', `everybody who owns one of ${folders.length} folders is in Moovago's team`),
    ];
  const listed = [...people]
    .sort(([, one], [, other]) => other - one)
    .map(([person, count]) => `${personName(person, users)}: ${count} of the folders`);
  const effect =
    owners.fallback === undefined
      ? 'companies that are there keep their owners, and no company is made for their other folders'
      : 'their folders go to owners.fallback';
  return [
    warning('company.ownerIds', `${count(people.size)} not in Moovago's team: ${effect}`, {
      cure: 'Name them in owners.overrides, as Clavus has them here; or set owners.fallback.',
      people: [...listed, ...members.map(({ id, alias }) => `in Moovago's team: ${alias} (${id})`)],
    }),
  ];
}

const count = (people: number) =>
  people === 1 ? 'one person in Clavus is' : `${people} people in Clavus are`;

/** Checks that the members in the configuration are in Moovago's team. */
export function checkMembers({ owners }: SyncConfig, members: readonly Member[]): Finding[] {
  const find = createMemberFinder(members);
  const strangers = Object.entries(owners.overrides).filter(([, member]) => find(member) === undefined);
  const hasFallback = owners.fallback === undefined || members.some(({ id }) => id === owners.fallback);
  const cure = 'Take one of these members:';
  const people = members.map(({ id, alias }) => `${id}  ${alias}`);
  const isNone = strangers.map(([person, member]) => `'${member}', for '${person}', is none of them`);
  const count = strangers.length === 1 ? 'one of its members is' : `${strangers.length} of its members are`;
  return [
    ...(hasFallback
      ? []
      : [error('owners.fallback', "is the id of no member of Moovago's team", { cure, people })]),
    ...(strangers.length === 0
      ? []
      : [
          error('owners.overrides', `${count} not in Moovago's team`, {
            cure,
            people: [...people, ...isNone],
          }),
        ]),
  ];
}
