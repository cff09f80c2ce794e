import type { Child, EntityRecord } from '../../lib/moovago/entities/record.ts';
import type { CompanyWrite } from '../../lib/moovago/write.ts';
import { folderInAddress } from '../customers.ts';
import type { World } from '../world.ts';
import type { Companies } from './companies.ts';

type ContactWrite = Exclude<CompanyWrite, { kind: 'delete' }>;

/** A contact, and the folder that its name tells. */
type Stored = { contact: Child; listedAt: number; origin: string | undefined };

export type Contacts = ReturnType<typeof createContacts>;

/** The people of Moovago's companies. Whoever deletes a company deletes them. */
export function createContacts(world: World, companies: Companies) {
  const stored = new Map<string, Stored>();

  const isLive = ({ contact }: Stored) => companies.get(contact.parentId)?.isDeleted === false;
  const live = () => [...stored.values()].filter(isLive);

  function create(parentId: string, fields: EntityRecord): string | undefined {
    if (companies.get(parentId)?.isDeleted !== false) return undefined;
    const id = `contact-${stored.size + 1}`;
    const draw = world.chance.of(id);
    const lag = world.strikes('list-lag', draw) ? world.plan.listLagMs : 0;
    const origin = folderInAddress(fields.lastName);
    const [other] = live().filter((one) => one.origin === origin && one.contact.parentId === parentId);
    if (origin === undefined) world.fail('contact', `${id} was made for nobody`);
    if (other) world.fail('one-contact', `${origin} has ${other.contact.id} and ${id} in ${parentId}`);
    stored.set(id, { contact: { ...fields, id, parentId }, listedAt: world.now() + lag, origin });
    world.count('contact created');
    world.trace(`moovago creates ${id} of ${origin} in ${parentId}`);
    return id;
  }

  function update(id: string, fields: EntityRecord): string | undefined {
    const one = stored.get(id);
    if (one === undefined || !isLive(one)) return undefined;
    if (fields.lastName !== undefined && folderInAddress(fields.lastName) !== one.origin)
      world.fail('contact', `${id} of ${one.origin} became ${fields.lastName}`);
    one.contact = { ...one.contact, ...fields };
    world.count('contact updated');
    world.trace(`moovago updates ${id} of ${one.origin}`);
    return id;
  }

  return {
    /** @returns nothing where there is no such company, or no such contact */
    write: (write: ContactWrite): string | undefined => {
      if (write.kind === 'update') return update(write.companyId, write.fields);
      return 'parentId' in write ? create(write.parentId, write.fields) : undefined;
    },
    list: (): Child[] =>
      live()
        .filter(({ listedAt }) => listedAt <= world.now())
        .map(({ contact }) => contact),
    /** The id of the row that a write is about. */
    rowOf: (write: ContactWrite): string | undefined => {
      const known = write.kind === 'update' ? stored.get(write.companyId)?.origin : undefined;
      const fields: EntityRecord = write.fields;
      const folderId = known ?? folderInAddress(fields.lastName);
      return folderId && `contact~${folderId}`;
    },
    get: (id: string) => stored.get(id),
    count: () => stored.size,
  };
}
