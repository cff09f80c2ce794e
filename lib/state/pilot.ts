import * as z from 'zod';
import { getItem, putItem, type Table } from './table.ts';

const Key = { pk: 'PILOT', sk: 'moovago' };

/** So many characters of a text are kept, for a person to see how it differs. */
const shownMax = 2_000;

/** A field of a company that Moovago returns differently than it was sent; owners are joined by commas. */
const difference = z.object({ field: z.string(), sent: z.string(), found: z.string() });
export type FieldDifference = z.infer<typeof difference>;

const pilot = z.looseObject({
  /** The folders whose company was read back exactly as it was sent. */
  passed: z.array(z.string()).default([]),
  /** The folder that is being sent, or read back. */
  current: z.string().optional(),
  /** Its company was there before. */
  isUpdate: z.boolean().optional(),
  /** Why the import is stopped. `fields` may hold personal data: for people who ask, never for a log. */
  stopped: z
    .object({ folderId: z.string(), companyId: z.string(), at: z.number(), fields: z.array(difference) })
    .optional(),
  /** The operator decided to have no pilot. */
  skipped: z.boolean().default(false),
  /** It was found out whether the stage had delivered records before. */
  begun: z.boolean().optional(),
  /** As many records as it had to have were read back, or delivered before: it does not begin again. */
  over: z.boolean().optional(),
});
export type Pilot = z.infer<typeof pilot>;

const cut = ({ field, sent, found }: FieldDifference): FieldDifference => ({
  field,
  sent: sent.slice(0, shownMax),
  found: found.slice(0, shownMax),
});

export type PilotStore = ReturnType<typeof createPilotStore>;

/** The progress of a stage's first records, which are sent one by one. */
export const createPilotStore = (table: Table) => ({
  read: async () => pilot.parse((await getItem(table, Key)) ?? {}),
  save: ({ stopped, ...next }: Pilot) =>
    putItem(table, { ...next, stopped: stopped && { ...stopped, fields: stopped.fields.map(cut) }, ...Key }),
});
