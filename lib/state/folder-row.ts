import * as z from 'zod';
import { entityRecord } from '../moovago/entities/record.ts';

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
  /** Moovago asked to slow down instead of answering. */
  isSlowed: z.boolean().optional(),
  /** What a creation sent. Its company is found by this if no marker tells. */
  fields: entityRecord.optional(),
});

/**
 * How Moovago writes a field. A pair is what was sent and what came back (a hash: the values may be long). `resent`:
 * the last pair that differed, and for which the field was sent again. `own`: the pair that came back even so:
 * Moovago's own form of the value. If another value is sent, that makes another pair.
 */
const form = z.looseObject({ resent: z.string().optional(), own: z.string().optional() });

const desired = z.object({
  version: z.number(),
  record: entityRecord,
  at: z.number(),
  lane,
  /** Why the record has no owner, although Clavus names one: no company is created for it. */
  lacksOwner: z.string().optional(),
});

/**
 * What a person decided about a folder's company. `companyId`: the company that it was linked to. `not`: the companies that
 * are not its own, to which it is never linked again by itself. `from`: the one that it had, which another folder takes
 * back. `before`: the one that it had before it was linked by hand, and has again once that is undone. `at`: when, in milliseconds since the epoch.
 */
const decision = z.looseObject({
  at: z.number(),
  companyId: z.string().optional(),
  from: z.string().optional(),
  before: z.string().optional(),
  not: z.array(z.string()),
});

/** What a row in its status does not have. A row that an older version stored may: it is dropped when it is read. */
const none = z
  .unknown()
  .transform((): undefined => undefined)
  .optional();

/** What a row has in any status. Times are milliseconds since the epoch. */
const common = z.looseObject({
  folderId: z.string(),
  /** Increases by one with every write: a writer must have read the newest one. */
  revision: z.number(),
  /** Names the write that made this revision, so that the retry of our own applied write is recognised. */
  writeId: z.string(),
  desired: desired.optional(),
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
  /** When it was last read by its id, if that was the last reading: a list may lag behind. */
  namedAt: z.number().optional(),
  /** The id of the company in Moovago. For a record that belongs to a company (see `row-id.ts`), its own id. */
  companyId: z.string().optional(),
  /**
   * Why the folder has its company, or waits for a person: the key that proposed it, the field that decided, and which fields
   * agree and differ. Of a folder for which a company was made: the companies that have the key and contradict.
   */
  match: z
    .looseObject({
      /** As in `match` of the configuration, e.g. `name+postalCode`. */
      by: z.string(),
      witness: z.string().optional(),
      agree: z.array(z.string()),
      differ: z.array(z.string()),
      contradicted: z.array(z.string()).optional(),
    })
    .optional(),
  /** The company under which such a record was made. */
  parentId: z.string().optional(),
  intent: intent.optional(),
  decision: decision.optional(),
  /** By field. */
  forms: z.record(z.string(), form).optional(),
  /** Failed deliveries of the desired version, for the back-off. A wait is not a failure. */
  attempts: z.number(),
  /** Requests for the desired version whose outcome stayed unknown: lookups that found nothing, updates that settled. */
  unclear: z.number().optional(),
  /** Nothing is sent before this moment: an outcome settles, or a failed service rests. */
  waitUntil: z.number().optional(),
});

/** The company that a folder shares, and the folder that writes it. */
const secondaryTo = z.object({ companyId: z.string(), folderId: z.string() });

/** The folder is gone from Clavus: what must happen to its company. Absent once that is done. */
const removal = z.enum(['flag', 'delete']);

/** A row at rest is not in the index of rows that need action. */
const atRest = { failure: none, removal: none, dueLane: none, dueAt: none };

/** A person must act: the row is in the lane `failed` of that index. */
const personal = {
  failure,
  /** The folder shares this company until it gets one of its own. */
  secondaryTo: secondaryTo.optional(),
  dueLane: z.literal('failed'),
  dueAt: z.number(),
};

/** Moovago does not have the newest state yet. */
const due = common.extend({
  status: z.literal('due'),
  desired,
  /** Why earlier deliveries of any version failed. Reasons of an older version are gone. */
  failure: failure
    .extend({ kind: z.literal('service') })
    .optional()
    .catch(undefined),
  secondaryTo: secondaryTo.optional(),
  removal: removal.optional(),
  /**
   * Where, and since when, the row is in the index of rows that need action. What belongs to a company has neither
   * while it waits for that.
   */
  dueLane: lane.optional(),
  dueAt: z.number().optional(),
});

const delivered = common.extend({
  ...atRest,
  status: z.literal('delivered'),
  desired,
  companyId: z.string(),
  secondaryTo: none,
});

/** Clavus' data cannot be mapped, or Moovago refused the record, or the removal. */
const refused = common.extend({ ...personal, status: z.literal('refused'), removal: removal.optional() });

/** Left to a person: the company was deleted by hand, or no answer is clear. */
const parked = common.extend({ ...personal, status: z.literal('parked'), removal: removal.optional() });

/** Several companies may be the folder's. */
const ambiguous = common.extend({ ...personal, status: z.literal('ambiguous'), removal: none });

/** Another folder of the same customer writes the company. */
const secondary = common.extend({ ...atRest, status: z.literal('secondary'), desired, secondaryTo });

/** The folder is gone from Clavus, and nothing is left to do. A creation of unknown outcome stays for the lookup. */
const removed = common.extend({ ...atRest, status: z.literal('removed'), secondaryTo: none });

/** A person left the folder out: its link stays, and nothing is sent. Without `desired`, Clavus does not have it any more. */
const ignored = common.extend({
  ...atRest,
  status: z.literal('ignored'),
  /** Why Clavus' newest state of it cannot be mapped. */
  failure: failure
    .extend({ kind: z.literal('mapping') })
    .optional()
    .catch(undefined),
  secondaryTo: secondaryTo.optional(),
  /** Where, and since when, the row is among those that are left out. */
  dueLane: z.literal('ignored'),
  dueAt: z.number(),
});

/** What any version of the code leaves in a row that tells whose company it is, and which requests are open. */
const known = z.object({
  revision: z.number().catch(0),
  desired: desired.optional().catch(undefined),
  applied: common.shape.applied.catch(undefined),
  companyId: z.string().optional().catch(undefined),
  parentId: z.string().optional().catch(undefined),
  intent: intent.optional().catch(undefined),
  waitUntil: z.number().optional().catch(undefined),
});

/**
 * Reads a row as it is stored. A row that this version cannot read is one of newer code. It stands as one that is left to a
 * person, and is never written: `isOfNewerCode`.
 */
export function readRow(rowId: string, item: Record<string, unknown>): FolderRow {
  const parsed = folderRow.safeParse(item);
  if (parsed.success) return parsed.data;
  const message =
    'a newer version of the connector wrote this row, and this one cannot read it: deploy that version again';
  return {
    ...known.parse(item),
    folderId: rowId,
    writeId: '',
    attempts: 0,
    status: 'parked',
    failure: { kind: 'internal', message, firstAt: 0, lastAt: 0 },
    dueLane: 'failed',
    dueAt: 0,
  };
}

/** Whether a row is one that only newer code can read. */
export const isOfNewerCode = (row: FolderRow | undefined): boolean =>
  row?.status === 'parked' && row.failure.kind === 'internal';

/**
 * What the connector knows of one folder: what Moovago should hold (`desired`) and what it was last known to hold
 * (`applied`). Each status owns its fields. Attributes that this version does not know are kept: an older version of
 * the code can run beside a newer one.
 */
export const folderRow = z.discriminatedUnion('status', [
  due,
  delivered,
  refused,
  parked,
  ambiguous,
  secondary,
  removed,
  ignored,
]);
export type FolderRow = z.infer<typeof folderRow>;
export type RowStatus = FolderRow['status'];
export type RowOf<Status extends RowStatus> = Extract<FolderRow, { status: Status }>;

export const rowStatuses = folderRow.options.map(({ shape }) => shape.status.value);
export const failureKind = failure.shape.kind;
export type Intent = z.infer<typeof intent>;
export type Failure = z.infer<typeof failure>;
