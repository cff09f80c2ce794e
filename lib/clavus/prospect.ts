import * as z from 'zod';
import { type Operation, operation } from './operation.ts';
import type { ProspectRecord } from './prospect-record.ts';

/** The input of `upsertProspect`. With an `id`, it updates the fields that are present. */
export type Prospect = ProspectRecord & {
  id?: string;
  /** An enum. The guide shows only the value `MORAL`. */
  type?: 'MORAL';
  puissanceKc?: number;
  prixHT?: string;
  /** Latitude and longitude, as text. */
  gps?: readonly [string, string];
};

const text = z.string().nullish();

/** The prospect as Clavus now stores it: its id, and the fields that were sent. */
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

/**
 * The mutation for one prospect, in the guide's order. It reads back the fields that it sends, as in the guide's
 * samples.
 */
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
