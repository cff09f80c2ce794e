import type { Item } from '../local/dynamodb/expressions.ts';
import type { Remains } from './remains.ts';
import { companyInAddress } from './services/fake-prospects.ts';
import type { Stored } from './services/stored.ts';
import type { World } from './world.ts';

const asItem = (value: unknown): Item => Object(value);

/** Whether a folder is of the same customer. */
const isFoldersCustomer = ({ clavus }: Remains, { answersTo }: Stored): boolean =>
  [...answersTo].some((customer) => [...clavus.folders.keys()].some((id) => id.endsWith(`c${customer}`)));

/** Whether another company, or a folder, is of the same customer: then it may have to wait for ever. */
const isShared = (remains: Remains, one: Stored): boolean =>
  isFoldersCustomer(remains, one) ||
  [...one.answersTo].some((customer) =>
    remains.companies
      .live()
      .some((other) => other.company.id !== one.company.id && other.answersTo.has(customer)),
  );

function differs({ company }: Stored, values: Item): boolean {
  const { name = '', note = '', email = '' } = company;
  const expected = { lastName: name.trim(), commercialNote: note.trim(), email: email.toLowerCase() };
  return Object.entries(expected).some(([field, value]) => value !== '' && values[field] !== value);
}

/** Known from before prospects were switched on, or before the table was lost; or a folder's at first sight. */
function mayBeUnseen(one: Stored, remains: Remains): boolean {
  const opened = remains.items.get('PROSPECTS-KNOWN\u0000opened');
  return opened === undefined || one.listedAt <= Number(opened.at) || isFoldersCustomer(remains, one);
}

/** Whether somebody has to say which of several companies is a folder's, and it is one of them: it is left alone until then. */
const isInQuestion = ({ items }: Remains, { company }: Stored): boolean =>
  items.list().some(([key, { status, failure }]) => {
    const { candidates } = asItem(failure);
    const isAmbiguous = key.startsWith('FOLDER#') && status === 'ambiguous';
    return isAmbiguous && Array.isArray(candidates) && candidates.includes(company.id);
  });

/** Why it waits is told once it has rested, in the turn after that. */
const isFresh = ({ plan, now }: World, { seenAt }: Item): boolean =>
  Number(seenAt) + plan.settleAfterMs + 2 * plan.refreshEveryMs > now();

/** Whether a link of that status is what it should be in the end. */
const isRight: Record<string, (world: World, one: Stored, link: Item, remains: Remains) => boolean> = {
  new: (world, one, link, remains) =>
    isShared(remains, one) && (link.waits !== undefined || isFresh(world, link)),
  sent: (_, one, { prospectId, sent }, remains) => {
    const prospect = remains.prospects.get(String(prospectId));
    // In doubt since the table was another one: it is sent once more.
    if (sent === undefined || prospect?.companyId !== one.company.id) return false;
    return !differs(one, asItem(prospect.values)) || isInQuestion(remains, one);
  },
  converted: (_, __, { prospectId }, { prospects }) =>
    prospects.get(String(prospectId))?.isConverted === true,
  // It was made, and nobody heard of it: what was not made, somebody has had sent again by now.
  // Or Clavus refuses it, and does not say so, as a prospect that has become a folder.
  parked: ({ plan, singleCrash }, { company }, _, { prospects }) =>
    (plan.faults.size > 0 || singleCrash !== undefined || plan.wire !== undefined) &&
    prospects.of(company.id) !== undefined,
  refused: ({ plan }) => plan.faults.has('prospect-refused'),
  known: ({ plan }) => plan.faults.has('table-rewound'),
  // The folder may be gone by now, or its row with the table; or a person took it off the company.
  owned: ({ plan }, _, { folderId }, { clavus }) =>
    !clavus.folders.has(String(folderId)) ||
    plan.faults.has('person-decides') ||
    plan.faults.has('table-rewound') ||
    plan.faults.has('table-lost'),
};

function problemWith(world: World, one: Stored, remains: Remains, isLinked: boolean): string | undefined {
  const { id } = one.company;
  const link = remains.items.get(`PROSPECTS\u0000${id}`);
  const isAsItShould =
    link === undefined
      ? isLinked || mayBeUnseen(one, remains)
      : isLinked
        ? link.status === 'owned' || link.status === 'known'
        : link.intent === undefined && isRight[String(link.status)]?.(world, one, link, remains);
  return isAsItShould
    ? undefined
    : `${id} is not as it should be with Clavus${isLinked ? ", and a folder's" : ''}; its link: ${JSON.stringify(link)}`;
}

/** What reps made and Clavus does not hold as it should, and no reason given. */
export function problemsWithProspects(world: World, remains: Remains): string[] {
  if (!world.plan.hasProspects) return [];
  const linked = new Set(
    remains.items.list().flatMap(([key, row]) => (key.startsWith('FOLDER#') ? [String(row.companyId)] : [])),
  );
  return remains.companies
    .live()
    .filter(({ company }) => companyInAddress(company.address) === company.id || linked.has(company.id))
    .filter(({ origin }) => origin === undefined)
    .flatMap((one) => problemWith(world, one, remains, linked.has(one.company.id)) ?? []);
}
