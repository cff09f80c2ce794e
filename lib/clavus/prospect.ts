import * as z from 'zod';
import { type Operation, operation } from './operation.ts';
import type { ProspectRecord } from './prospect-record.ts';

/** What `upsertProspect` takes. An `id` makes it an update of what is given. */
export type Prospect = ProspectRecord & {
  id?: string;
  /** A value of an enum of which the guide shows only `MORAL`. */
  type?: 'MORAL';
  puissanceKc?: number;
  prixHT?: string;
  /** Latitude and longitude, as text. */
  gps?: readonly [string, string];
};

const text = z.string().nullish();

/** The prospect as Clavus holds it now: its id, and the fields that were sent. */
export const prospectAnswer = z
  .object({
    upsertProspect: z.object({
      id: z.string().min(1),
      firstName: text,
      lastName: text,
      address: text,
      postalCode: text,
      email: text,
      phone: text,
      type: text,
      siren: text,
      puissanceKc: z.number().nullish(),
      prixHT: text,
      gps: z.array(z.string()).nullish(),
      commercialNote: text,
    }),
  })
  .transform((answer) => answer.upsertProspect);
export type SavedProspect = z.infer<typeof prospectAnswer>;

/** The mutation for one prospect, in the guide's order; it asks back for what it sends, as the guide's samples do. */
export function upsertProspect(prospect: Prospect): Operation {
  const { id, firstName, lastName, address, postalCode, email, phone, type } = prospect;
  const { siren, puissanceKc, prixHT, gps, commercialNote } = prospect;
  const fields = {
    ...{ id, firstName, lastName, address, postalCode, email, phone },
    type: type === undefined ? undefined : { enumValue: type },
    ...{ siren, puissanceKc, prixHT, gps, commercialNote },
  };
  const sent = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || name === 'id' ? [] : [name],
  );
  return operation(
    `mutation UpsertProspect { upsertProspect { ${['id', ...sent].join(' ')} } }`,
    {},
    { field: 'upsertProspect', arguments: fields },
  );
}
