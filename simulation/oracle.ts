import { type CompanyField, type CompanyRecord, textFields } from '../lib/moovago/company.ts';
import type { Item } from '../local/dynamodb/expressions.ts';
import { contactProblem } from './contact-problems.ts';
import { customerNumber } from './customers.ts';
import { expectedCompany, unmappableField } from './expected-company.ts';
import type { Plan } from './plan.ts';
import { problemsWithProspects } from './prospect-oracle.ts';
import type { Remains } from './remains.ts';
import type { Companies } from './services/companies.ts';
import type { SimulatedFolder } from './services/fake-clavus.ts';
import { folderInNote } from './services/ledger.ts';
import type { Stored } from './services/stored.ts';
import type { Items } from './table/items.ts';
import type { World } from './world.ts';

const asItem = (value: unknown): Item => Object(value);

const rowOf = (items: Items, folderId: string): Item => items.get(`FOLDER#${folderId}\u0000ROW`) ?? {};

const rowsIn = (items: Items, ending = ''): Item[] =>
  items.list().flatMap(([key, row]) => (key.startsWith('FOLDER#') && key.endsWith(ending) ? [row] : []));

/** Without those of what belongs to companies. */
const companyRowsIn = (items: Items): Item[] => rowsIn(items, '\u0000ROW');

/** The companies that rows name, each with its folders. */
const linksIn = (items: Items) =>
  Map.groupBy(
    companyRowsIn(items).filter(({ companyId }) => companyId !== undefined),
    ({ companyId }) => String(companyId),
  );

/** Linked, and unmappable before its first write: before it may write, it has to have the say about the company. */
const isIdle = ({ failure, applied }: Item): boolean =>
  asItem(failure).kind === 'mapping' && !asItem(applied).version;

/** Whether a row names the company. */
export const isLinked = (items: Items, companyId: string): boolean => linksIn(items).has(companyId);

/** Companies that the connector made for a folder, and that it could know as its own, but no row names. */
function orphansOf({ companies, items }: Remains, folderId: string): Stored[] {
  const links = linksIn(items);
  return companies
    .live()
    .filter(
      ({ origin, company, isUnrecognisable }) =>
        origin === folderId && !isUnrecognisable && !links.has(company.id),
    );
}

/** Whether the folder and every company that it may be have something in common: several may be meant. */
function isAmbiguous(world: World, folderId: string, { candidates }: Item, companies: Companies): boolean {
  if (!Array.isArray(candidates) || candidates.length < 2) return false;
  // By name and owners alone, every company of that name may be it.
  return (
    !world.plan.isReadable ||
    candidates.every((id) => {
      const found = companies.get(String(id));
      return found?.origin === folderId || found?.answersTo.has(customerNumber(folderId));
    })
  );
}

/** Whether what stands in the way is reported in the row, and was done by Moovago, by Clavus, or by a rep. */
function isExcused(world: World, folder: SimulatedFolder, remains: Remains): boolean {
  const { items, ledger, companies, attempts } = remains;
  const row = rowOf(items, folder.id);
  const failure = asItem(row.failure);
  const unmappable = unmappableField(world.plan, folder, row.companyId !== undefined);
  if (unmappable !== undefined)
    return row.status === 'refused' && failure.kind === 'mapping' && failure.field === unmappable;
  if (row.status === 'parked' && failure.kind === 'deleted')
    return companies.get(String(row.companyId))?.isDeleted === true;
  if (row.status === 'parked') return failure.kind === 'service' && attempts.wereUnclear(row);
  // With the e-mail and the telephone of another customer, who may bear its name, a person has to choose.
  if (row.status === 'ambiguous')
    return (
      failure.kind === 'match' &&
      (folder.isMistyped === true || isAmbiguous(world, folder.id, failure, companies))
    );
  if (row.status !== 'refused' || failure.kind !== 'rejected' || ledger.lastAnswer(folder.id) !== 'rejected')
    return false;
  // One that was made all the same is found, where companies can be recognised.
  const isOpen = asItem(row.intent).kind === 'create' && world.plan.isRecognisable;
  return !isOpen || orphansOf(remains, folder.id).length === 0;
}

const withoutMarker = (note: string | undefined) => note?.replace(/\n?\[clavus-moovago:[^\]]*\]$/, '');

const same = (one: string | string[] | undefined, other: string | string[] | undefined) =>
  JSON.stringify(one ?? '') === JSON.stringify(other ?? '');

const fieldOf = (record: CompanyRecord, field: CompanyField) =>
  field === 'note' ? withoutMarker(record.note) : record[field];

/** Whether a field is as Clavus has it, or as a rep has made it since, or left to reps. */
function isAsItShould(
  field: CompanyField,
  value: string | string[],
  { company, written, byReps }: Stored,
  policy: Plan['cityPolicy'],
): boolean {
  if (policy === 'create-only') return true;
  if (policy === 'fill-empty') return value === '' || (company[field] ?? '') !== '' || byReps.has(field);
  return same(fieldOf(byReps.has(field) ? written : company, field), value);
}

function differences({ plan }: World, folder: SimulatedFolder, one: Stored): string[] {
  const expected = expectedCompany(plan, folder);
  return (['ownerIds', ...textFields] as const).filter((field) => {
    const value = expected[field];
    const policy = field === 'city' ? plan.cityPolicy : 'clavus';
    return value !== undefined && !isAsItShould(field, value, one, policy);
  });
}

/** The folder of the same customer that writes their company instead. */
function problemOfSecondary(world: World, row: Item, { items, companies }: Remains): string | undefined {
  const { folderId, secondaryTo, desired } = row;
  const companyId = String(asItem(secondaryTo).companyId);
  const company = companies.get(companyId);
  if (company === undefined || row.companyId !== undefined) return `${folderId} shares nothing`;
  const linked = linksIn(items).get(companyId) ?? [];
  const primary = linked.find((one) => !isIdle(one)) ?? linked[0];
  if (company.isDeleted) return undefined;
  if (primary === undefined || primary.folderId === folderId)
    return `${folderId} shares ${companyId}, which nobody writes`;
  if (customerNumber(String(primary.folderId)) !== customerNumber(String(folderId)))
    return `${folderId} shares the company of ${primary.folderId}, another customer`;
  const isNewer = Number(asItem(desired).at) > Number(asItem(primary.desired).at);
  if (world.plan.primary === 'newest' && isNewer) return `${folderId} is newer than ${primary.folderId}`;
  return undefined;
}

/** A table of before a decision does not know of it. */
function isDecidedOtherwise({ plan }: World, row: Item, { decided, companies }: Remains): boolean {
  const { is, isNot } = decided.get(String(row.folderId)) ?? {};
  if (plan.faults.has('table-lost') || plan.faults.has('table-rewound')) return false;
  const its = row.companyId ?? asItem(row.secondaryTo).companyId;
  const isOther = is !== undefined && its !== is && companies.get(is)?.isDeleted === false;
  return isOther || (isNot !== undefined && its === isNot);
}

function problemWith(world: World, folder: SimulatedFolder, remains: Remains): string | undefined {
  if (isDecidedOtherwise(world, rowOf(remains.items, folder.id), remains))
    return `${folder.id} has not the company that a person decided`;
  if (isExcused(world, folder, remains)) return undefined;
  const row = rowOf(remains.items, folder.id);
  if (row.status === 'secondary') return problemOfSecondary(world, row, remains);
  const { status, intent, waitUntil, dueLane, companyId, failure } = row;
  const shown = JSON.stringify({
    status,
    intent: asItem(intent).kind,
    waitUntil,
    dueLane,
    companyId,
    failure,
  });
  if (status !== 'delivered') return `${folder.id} is not delivered; its row: ${shown}`;
  const linked = remains.companies.get(String(companyId));
  if (linked === undefined) return `${folder.id} has no company; its row: ${shown}`;
  if (linked.isDeleted) return undefined;
  // A table that was lost, and then returned to a point before that, knows the first of the two again.
  const orphans = linked.isUnrecognisable ? [] : orphansOf(remains, folder.id);
  if (world.plan.isReadable && orphans.length > 0)
    return `${folder.id} has another company, ${orphans[0]?.company.id}; its row: ${shown}`;
  const different: string[] = differences(world, folder, linked);
  // A marker alone is no order to empty a note.
  const isMarkable = world.plan.hasNotes && (folder.note !== '' || world.plan.blanks === 'clear');
  const isMarked = linked.byReps.has('note') || folderInNote(linked.company) === folder.id;
  if (world.plan.marker === 'note' && isMarkable && !isMarked) different.push('marker');
  return different.length === 0
    ? contactProblem(world, folder, row, remains)
    : `${folder.id} differs in ${different}: ${JSON.stringify([folder, linked.company])}; its row: ${shown}`;
}

/** Rows that are still at work. */
function openRows(world: World, remains: Remains): string[] {
  const isOpen = ({ dueLane, folderId, intent }: Item) =>
    dueLane === 'live' ||
    dueLane === 'bulk' ||
    // Made although Moovago said no: to be found, and updated, also where the folder is gone by now.
    (asItem(intent).kind === 'create' &&
      world.plan.isRecognisable &&
      orphansOf(remains, String(folderId)).length > 0);
  return rowsIn(remains.items).flatMap((row) => (isOpen(row) ? [`${row.folderId} is not at rest`] : []));
}

/** Companies that two folders write, and companies that none does although the connector made them. */
function problemsWithLinks(world: World, remains: Remains): string[] {
  const { companies, items } = remains;
  const links = linksIn(items);
  const shared = [...links].flatMap(([companyId, rows]) => {
    const writers = rows.flatMap((row) => (isIdle(row) ? [] : [row.folderId]));
    return writers.length > 1 ? [`${companyId} is written for ${writers.join(' and ')}`] : [];
  });
  if (world.plan.isReadable) return shared;
  const stuck = companyRowsIn(items).filter(({ status }) => status !== 'delivered').length;
  // A person may have decided that a company is no folder's.
  const orphans = companies
    .live()
    .filter(({ company, isUnrecognisable }) => !links.has(company.id) && !isUnrecognisable);
  return orphans.length > stuck ? [...shared, `${orphans.length} companies without a folder`] : shared;
}

/** Folders that are gone from Clavus, and that the next scans will remove: but for a Clavus that shows nothing at all, which is not believed. */
const notYetRemoved = ({ items, clavus }: Remains): string[] =>
  (clavus.folders.size === 0 ? [] : items.list()).flatMap(([key]) => {
    const [partition = '', folderId = ''] = key.split('\u0000');
    const isKnown = partition.startsWith('F#') && !clavus.folders.has(folderId);
    return isKnown ? [`${folderId} is gone from Clavus, and not removed yet`] : [];
  });

/** What is not yet as it should be in the end. */
export function problems(world: World, remains: Remains): string[] {
  const dead = remains.queue.deadLetters().filter(({ body }) => body.endsWith('}'));
  return [
    ...openRows(world, remains),
    ...[...remains.clavus.folders.values()].flatMap((folder) => problemWith(world, folder, remains) ?? []),
    ...problemsWithLinks(world, remains),
    ...problemsWithProspects(world, remains),
    ...notYetRemoved(remains),
    ...(remains.ledger.isRewound() ? ['not everything has been sent again'] : []),
    ...dead.map(({ body }) => `a dead letter: ${body}`),
  ];
}
