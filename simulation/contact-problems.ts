import type { Item } from '../local/dynamodb/expressions.ts';
import type { Attempts } from './attempts.ts';
import { unmappableField } from './expected-company.ts';
import type { Contacts } from './services/contacts.ts';
import { contactName, type SimulatedFolder } from './services/fake-clavus.ts';
import type { Ledger } from './services/ledger.ts';
import type { Items } from './table/items.ts';
import type { World } from './world.ts';

type ContactRemains = { items: Items; contacts: Contacts; ledger: Ledger; attempts: Attempts };

const asItem = (value: unknown): Item => Object(value);

/** Whether what stands in the way is reported in the row, and was Moovago's doing. */
function isExcused(row: Item, { ledger, attempts }: ContactRemains): boolean {
  const { kind } = asItem(row.failure);
  if (row.status === 'parked') return kind === 'service' && attempts.wereUnclear(row);
  const last = ledger.lastAnswer(String(row.folderId));
  return row.status === 'refused' && kind === 'rejected' && last === 'rejected';
}

/**
 * What is not yet as it should be with the contact of a folder whose own company is delivered: one that Clavus has must be
 * in that company, with its fields. One that Clavus has no more of stays as it is.
 */
export function contactProblem(
  world: World,
  folder: SimulatedFolder,
  company: Item,
  remains: ContactRemains,
): string | undefined {
  const { plan } = world;
  const name = contactName(plan, folder);
  if (!plan.hasContacts || name === '' || unmappableField(plan, folder, true) !== undefined) return undefined;
  const row = remains.items.get(`FOLDER#${folder.id}\u0000ROW#contact`);
  if (row === undefined) return `${folder.id} has no contact, and no row for one`;
  if (isExcused(row, remains)) return undefined;
  const shown = JSON.stringify(row);
  const { contact } = remains.contacts.get(String(row.companyId)) ?? {};
  if (row.status !== 'delivered' || contact === undefined)
    return `the contact of ${folder.id} is not delivered; its row: ${shown}`;
  if (contact.parentId !== company.companyId)
    return `the contact of ${folder.id} is in ${contact.parentId}; its row: ${shown}`;
  const isRole = folder.city === '' && plan.blanks === 'keep' ? true : (contact.role ?? '') === folder.city;
  return contact.lastName === name && isRole
    ? undefined
    : `the contact of ${folder.id} is ${JSON.stringify([folder, contact])}; its row: ${shown}`;
}
