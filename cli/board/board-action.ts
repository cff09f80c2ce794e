import { z } from 'zod';

const folderId = z.string().min(1).max(200);

const simulatedAction = z.discriminatedUnion('action', [
  /** Sets columns of a folder, by name. */
  z.strictObject({
    action: z.literal('edit'),
    folderId,
    values: z.record(z.string(), z.string().max(1000)),
  }),
  /** One more folder. */
  z.strictObject({ action: z.literal('add') }),
  /** So many folders at once that they are a mass. */
  z.strictObject({ action: z.literal('edit-many') }),
  /** Moovago answers 503 for a while. */
  z.strictObject({ action: z.literal('trouble') }),
]);
export type SimulatedAction = z.infer<typeof simulatedAction>;

/** What a person decides about the company of a folder. */
const decision = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('link'), folderId, companyId: z.string().min(1).max(200) }),
  z.strictObject({ action: z.literal('unlink'), folderId }),
  z.strictObject({ action: z.literal('ignore'), folderId }),
]);
export type Decision = z.infer<typeof decision>;

/** What the page may ask for. */
export const boardAction = z.discriminatedUnion('action', [
  /** Sends a folder again, whole, from what Clavus holds now. */
  z.strictObject({ action: z.literal('retry'), folderId }),
  z.strictObject({ action: z.literal('retry-failed') }),
  ...decision.options,
  ...simulatedAction.options,
]);
export type BoardAction = z.infer<typeof boardAction>;
