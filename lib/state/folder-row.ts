import * as z from 'zod';
import { entityRecord } from '../moovago/entities/record.ts';

/**
 * The state of a folder. `due`: Moovago does not have the newest state yet. In all others, the row rests until
 * something changes.
 */
const folderStatus = z.enum(['due', 'delivered', 'refused', 'parked', 'ambiguous', 'secondary', 'removed']);

const lane = z.enum(['live', 'bulk']);

/**
 * Why a folder is not in Moovago as it should be. `message` may hold personal data: for people who ask, never for a
 * log.
 */
const failure = z.looseObject({
  /**
   * Who has to act. `mapping`: the owner of Clavus' data or of the configuration. `rejected`: Moovago refused the
   * record. `match`: a person must choose the company. `deleted`: the company was deleted in Moovago; a person must
   * decide about a new one. `service`: time, or the service. `internal`: the maintainers of the connector.
   */
  kind: z.enum(['mapping', 'rejected', 'match', 'deleted', 'service', 'internal']),
  message: z.string(),
  /** The field of `sync.config.ts` that could not be mapped. */
  field: z.string().optional(),
  /** The companies that may be the folder's. */
  candidates: z.array(z.string()).optional(),
  firstAt: z.number(),
  lastAt: z.number(),
});

/**
 * Written right before a request leaves, removed when its outcome is known. While it is there, it is unknown whether
 * Moovago applied the request.
 */
const intent = z.looseObject({
  id: z.string(),
  at: z.number(),
  kind: z.enum(['create', 'update', 'delete']),
  version: z.number(),
  /** What a creation sent. Its company is found by this if no marker tells. */
  fields: entityRecord.optional(),
});

/**
 * How Moovago writes a field. A pair is what was sent and what came back (a hash: the values may be long). `resent`:
 * the last pair that differed, and for which the field was sent again. `own`: the pair that came back even so:
 * Moovago's own form of the value. If another value is sent, that makes another pair.
 */
const form = z.looseObject({ resent: z.string().optional(), own: z.string().optional() });

/**
 * What the connector knows of one folder: what Moovago should hold (`desired`) and what it was last known to hold
 * (`applied`). Times are milliseconds since the epoch. Attributes that this version does not know are kept. So an older
 * version of the code can run beside a newer one.
 */
export const folderRow = z.looseObject({
  folderId: z.string(),
  /** Increases by one with every write: a writer must have read the newest one. */
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
      /** Everything must be sent again: it is in doubt what Moovago holds. */
      isDoubted: z.boolean().optional(),
    })
    .optional(),
  /** When Clavus was read for this row, or before. A read that is older changes nothing. */
  lookedAt: z.number().optional(),
  /** The id of the company in Moovago. For a record that belongs to a company (see `row-id.ts`), its own id. */
  companyId: z.string().optional(),
  /** The company under which such a record was made. */
  parentId: z.string().optional(),
  intent: intent.optional(),
  failure: failure.optional(),
  /** By field. */
  forms: z.record(z.string(), form).optional(),
  /** Of a secondary folder: the company that it shares, and the folder that writes it. */
  secondaryTo: z.object({ companyId: z.string(), folderId: z.string() }).optional(),
  /** The folder is gone from Clavus: what must happen to its company. Absent once that is done. */
  removal: z.enum(['flag', 'delete']).optional(),
  /** Failed deliveries of the desired version, for the back-off. A wait is not a failure. */
  attempts: z.number(),
  /** Requests for the desired version whose outcome stayed unknown: lookups that found nothing, updates that settled. */
  unclear: z.number().optional(),
  /** Nothing is sent before this moment: an outcome settles, or a failed service rests. */
  waitUntil: z.number().optional(),
  /**
   * Where, and since when, the row is in the index of rows that need action. It is a lane if the row is due, and
   * `failed` if a person must act. Absent when all is well.
   */
  dueLane: z.enum([...lane.options, 'failed']).optional(),
  dueAt: z.number().optional(),
});
export type FolderRow = z.infer<typeof folderRow>;
export type Intent = z.infer<typeof intent>;
export type Failure = z.infer<typeof failure>;
