import type { CompanyRecord } from '../lib/moovago/company.ts';
import type { Plan } from './plan.ts';
import { addressOf, type SimulatedFolder, valuesOf } from './services/fake-clavus.ts';

const members = new Map([
  ['u1', 'm1'],
  ['u2', 'm2'],
]);

/** Whether Moovago has the person; nothing stands for no one. */
export const isKnownOwner = (owner: string): boolean => members.has(owner);

/** The member whom the run's configuration names where nobody is found. */
export const fallbackOwner = 'm3';

/**
 * Why a folder cannot be sent, as a key of the configuration; nothing where it can. An owner whom nobody knows keeps only a
 * new company back: one that is there keeps the owner that it has, and gets the rest.
 */
export function unmappableField(
  plan: Plan,
  { name, owner }: SimulatedFolder,
  hasCompany: boolean,
): string | undefined {
  if (name === '') return 'company.name';
  const isKnown = owner === '' || members.has(owner) || plan.hasFallback;
  return plan.hasOwners && !isKnown && !hasCompany ? 'company.ownerIds' : undefined;
}

/**
 * What Moovago should hold of a folder, written down a second time, so that the oracle does not ask whom it tests.
 * A field that is absent is none of the connector's business. The marker is left out of the note.
 */
export function expectedCompany(plan: Plan, folder: SimulatedFolder): CompanyRecord {
  const { phone, email, postalCode } = valuesOf(plan, folder);
  const owner = members.get(folder.owner) ?? (plan.hasFallback ? fallbackOwner : undefined);
  const all: CompanyRecord = {
    name: folder.name,
    city: folder.city,
    address: addressOf(folder),
    ...(plan.hasNotes ? { note: folder.note } : {}),
    ...(plan.isMatching
      ? { postalCode, email: email.toLowerCase(), phone: phone.replace(/(\d\d)(?=\d)/g, '$1 ') }
      : {}),
  };
  const texts = Object.entries(all).filter(([, value]) => value !== '' || plan.blanks === 'clear');
  return {
    ...Object.fromEntries(texts),
    ...(plan.hasOwners && owner !== undefined ? { ownerIds: [owner] } : {}),
  };
}
