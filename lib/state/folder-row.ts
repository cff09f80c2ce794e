import * as z from 'zod';
import { entityRecord } from '../moovago/entities/record.ts';

/** How a folder stands. `due`: Moovago does not have the newest state yet. The others are at rest until something changes. */
const folderStatus = z.enum(['due', 'delivered', 'refused', 'parked', 'ambiguous', 'secondary', 'removed']);

const lane = z.enum(['live', 'bulk']);

/** Why a folder is not in Moovago as it should be. `message` may hold personal data: for people who ask, never for a log. */
const failure = z.looseObject({
  /**
   * Who has to act: `mapping` (Clavus' data or the configuration), `rejected` (Moovago's word), `match` (which company is
   * it?), `deleted` (somebody deleted the company in Moovago: shall there be a new one?), `service` (time, or the
   * service), `internal` (us).
   */
  kind: z.enum(['mapping', 'rejected', 'match', 'deleted', 'service', 'internal']),
  message: z.string(),
  /** The field of `sync.config.ts` that could not be mapped. */
  field: z.string().optional(),
  /** The companies that it may be. */
  candidates: z.array(z.string()).optional(),
  firstAt: z.number(),
  lastAt: z.number(),
});

/**
 * Written right before a request leaves, removed when its outcome is known. While it stands, nobody can tell whether
 * Moovago applied the request.
 */
const intent = z.looseObject({
  id: z.string(),
  at: z.number(),
  kind: z.enum(['create', 'update', 'delete']),
  version: z.number(),
  /** What a creation sent: by this its company is found where no marker tells. */
  fields: entityRecord.optional(),
});

/**
 * How Moovago writes a field, by the pair of what it is sent and what it gives back (a hash: the values may be long).
 * `resent`: the last pair that differed, and for which the field was sent again. `own`: the pair that came back all the
 * same: Moovago's own way to write it. A field that is sent otherwise makes another pair.
 */
const form = z.looseObject({ resent: z.string().optional(), own: z.string().optional() });

/**
 * What the connector knows of one folder: what Moovago should hold (`desired`) and what it was last known to hold
 * (`applied`). Times are milliseconds since the epoch. Attributes that this version does not know are kept as they are,
 * so that an older version of the code can run beside a newer one.
 */
export const folderRow = z.looseObject({
  folderId: z.string(),
  /** Goes up by one with every write: who writes must have read the newest. */
  revision: z.number(),
  /** Names the write that made this revision, so that the retry of our own applied write is recognised. */
  writeId: z.string(),
  status: folderStatus,
  desired: z.object({ version: z.number(), record: entityRecord, at: z.number(), lane }).optional(),
  applied: z
    .object({
      version: z.number(),
      record: entityRecord,
      at: z.number(),
      /** Somebody asked for everything to be sent again. */
      isDoubted: z.boolean().optional(),
    })
    .optional(),
  /** When Clavus was asked for what it says, or before: a look that is older changes nothing. */
  lookedAt: z.number().optional(),
  /** Of the company in Moovago; of a record that belongs to one (see `row-id.ts`), its own. */
  companyId: z.string().optional(),
  /** The company under which such a record was made. */
  parentId: z.string().optional(),
  intent: intent.optional(),
  failure: failure.optional(),
  /** By field. */
  forms: z.record(z.string(), form).optional(),
  /** Of a secondary folder: the company that it shares, and the folder that writes it. */
  secondaryTo: z.object({ companyId: z.string(), folderId: z.string() }).optional(),
  /** The folder is gone from Clavus: what is to become of its company. Absent once that is done. */
  removal: z.enum(['flag', 'delete']).optional(),
  /** Deliveries of the desired version that failed, for the back-off. Waiting is not failing. */
  attempts: z.number(),
  /** Requests for the desired version whose outcome was never known: looks that found nothing, updates that settled. */
  unclear: z.number().optional(),
  /** Nothing is sent before this moment: an outcome settles, or a failed service rests. */
  waitUntil: z.number().optional(),
  /**
   * Where and since when the row stands in the index of rows that somebody has to look at: a lane when it is due,
   * `failed` when a person has to; absent when all is well.
   */
  dueLane: z.enum([...lane.options, 'failed']).optional(),
  dueAt: z.number().optional(),
});
export type FolderRow = z.infer<typeof folderRow>;
export type Intent = z.infer<typeof intent>;
export type Failure = z.infer<typeof failure>;
