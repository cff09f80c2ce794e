import { Chance } from './chance.ts';
import type { Plan } from './plan.ts';

/** Every personal value contains it, in whatever case, so that one that gets into a log is found. */
export const canary = 'Zqx';

/** Somebody whom folders in Clavus and companies in Moovago may be about, and by what one can tell. */
export type Customer = {
  number: number;
  by: 'email' | 'phone' | 'name';
  /** As Clavus has them; blank where the customer is not known by it. */
  email: string;
  phone: string;
  /** No two customers share one, or a name that both bear would make them one. */
  postalCode: string;
};

type Known = Pick<Plan, 'seed' | 'hasSharedValues'>;

/** The customer of that number. Those of which others have a value too are not 1 and 2, who have one name. */
export function customerOf({ seed, hasSharedValues }: Known, number: number): Customer {
  const draw = new Chance(seed).of('customer').of(number);
  const by = draw.pick('by', ['email', 'phone', 'name'] as const);
  const digits = String(number).padStart(2, '0');
  const isTenant = (value: string) => hasSharedValues && number > 2 && draw.hits(value, 0.5);
  const filler = isTenant('filler') ? `${canary}.accueil@example.fr` : '';
  const landlord = isTenant('landlord') ? '0549000002' : '';
  return {
    number,
    by,
    email: by === 'email' ? `${canary}.client${digits}@example.fr` : filler,
    phone: by === 'phone' ? `06123456${digits}` : landlord,
    postalCode: `060${digits}`,
  };
}

/** The names of a customer. Two have the same, and nothing else in common. */
export const nameOfCustomer = ({ number }: Pick<Customer, 'number'>) => {
  const person = number === 2 ? 1 : number;
  return `${canary}client${person} ${canary}jean${person}`;
};

/** House and street of a customer: what follows in an address tells who wrote it. */
export const streetOfCustomer = (number: number) => `${number} rue ${canary}`;

/** A word in a name that Moovago refuses, where a run has that fault. */
export const poison = `${canary}poison`;

export const isPoisoned = ({ name }: { name?: string | undefined }): boolean =>
  name?.startsWith(poison) === true;

/** The same customer as a rep has typed it into Moovago: recognised by a value, and a second one. */
export function asRepsWriteIt(customer: Customer, { hasSharedValues }: Known) {
  const { number, by, email, phone, postalCode } = customer;
  const digits = phone.slice(1).replace(/(\d)(\d{2})(\d{2})(\d{2})(\d{2})/, '$1 $2 $3 $4 $5');
  return {
    name: nameOfCustomer(customer).split(' ').reverse().join(' ').toUpperCase(),
    ...(email === '' ? {} : { email: email.toUpperCase() }),
    ...(phone === '' ? {} : { phone: `+33 ${digits}` }),
    // Where others have its telephone too, house and name tell.
    ...(by === 'name' || hasSharedValues ? { postalCode, address: streetOfCustomer(number) } : {}),
  };
}

const folderIds = /\bf\d+c(\d+)\b/;

/** The number of a folder's customer: it stands in the folder's id. */
export const customerNumber = (folderId: string): number => Number(folderIds.exec(folderId)?.[1] ?? -1);

/** The folder that an address names: each folder's address does, and so every company tells who wrote it last. */
export const folderInAddress = (address: string | undefined): string | undefined =>
  folderIds.exec(address ?? '')?.[0];
