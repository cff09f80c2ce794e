import { z } from 'zod';
import { childNames } from '../../lib/moovago/entities/entity.ts';
import { failureKind, rowStatuses } from '../../lib/state/folder-row.ts';

/** Moments are milliseconds since the epoch; `null` stands for never, or for nothing. */
const moment = z.number();

/** A field of a company: what it is to hold by what Clavus holds, and what Moovago holds. */
const field = z.object({
  field: z.string(),
  clavus: z.string(),
  moovago: z.string(),
  /** Not where Clavus says nothing of the field: then it is none of our business. */
  differs: z.boolean(),
});

const folder = z.object({
  id: z.string(),
  name: z.string(),
  place: z.string(),
  /** As the folder's row has it; `unseen` before a poll saw the folder. */
  status: z.enum(['unseen', ...rowStatuses]),
  /** When it last changed in Clavus, as far as the connector knows. */
  changedAt: moment.nullable(),
  fields: z.array(field),
  /** What the editable columns hold, by name. Of simulated systems only. */
  values: z.record(z.string(), z.string()).nullable(),
});

const company = z.object({
  id: z.string(),
  name: z.string(),
  place: z.string(),
  phone: z.string(),
  owners: z.string(),
  /** When it was last written. */
  writtenAt: moment.nullable(),
});

const failure = z.object({
  /** Of its row: by this it is sent again. */
  id: z.string(),
  folderId: z.string(),
  /** What of the folder it is: its company, or something that belongs to that. */
  entity: z.enum(['company', ...childNames]),
  name: z.string(),
  /** Who has to act: see the rows. */
  kind: failureKind,
  field: z.string().nullable(),
  /** In the words of whoever refused it. */
  message: z.string(),
  since: moment,
});

/** A minute of the last hour. Counts are records; `due` is how many changes waited at its end, `null` if nobody looked. */
const minute = z.object({
  at: moment,
  delivered: z.number(),
  failed: z.number(),
  due: z.number().nullable(),
});

/** Everything that the page shows, as it gets it once a second. */
export const boardSnapshot = z.object({
  at: moment,
  /** What can be edited: the columns of the simulated Clavus. `null` on real systems, which the page never writes to. */
  editing: z
    .object({
      columns: z.array(
        z.object({
          name: z.string(),
          label: z.string(),
          /** What may stand there, where it is one of a few. */
          options: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
        }),
      ),
    })
    .nullable(),
  clavus: z.object({
    /** Folders that the last complete scan saw. */
    total: z.number().nullable(),
    lastPollAt: moment.nullable(),
    /** Its list ends before its end: so many folders are shown. `counted`: 0 if Clavus does not say. */
    hidden: z.object({ shown: z.number(), counted: z.number() }).nullable(),
    /** Folders that the last scan could not read. */
    unreadable: z.number(),
    folders: z.array(folder),
  }),
  waiting: z.object({
    live: z.number(),
    bulk: z.number(),
    /** Messages on the queue. */
    queue: z.number(),
    deadLetters: z.number(),
    lagSeconds: z.number(),
    /** Folders that are gone from Clavus, too many at once to be removed by themselves. */
    removalsHeld: z.number(),
    /** Rows of newer code, which are left aside. */
    leftAside: z.number(),
  }),
  pace: z.object({
    timezone: z.string(),
    /** `null`: the configuration has none. */
    businessHours: z
      .object({
        /** 1 (Monday) to 7 (Sunday). */
        days: z.array(z.number()),
        /** Minutes since midnight in `timezone`. */
        fromMinute: z.number(),
        toMinute: z.number(),
      })
      .nullable(),
    /** The faster pace holds at all hours. */
    ignoresBusinessHours: z.boolean(),
    /** Here and now, in `timezone`: minutes since midnight, and 1 (Monday) to 7 (Sunday). */
    now: z.object({ minute: z.number(), day: z.number(), isBusinessTime: z.boolean() }),
    /** What may leave now. */
    requestsPerSecond: z.number(),
    /** The first moment when bulk changes may be sent. */
    bulkFrom: moment,
    /** Nobody sends before, as Moovago is in trouble; `null` when all is well. */
    heldUntil: moment.nullable(),
    heldWhy: z.enum(['key', 'failures', 'throttled']).nullable(),
    pilot: z.enum(['running', 'stopped', 'over']),
  }),
  moovago: z.object({ total: z.number(), companies: z.array(company) }),
  failed: z.object({ total: z.number(), failures: z.array(failure) }),
  /** The last 60 minutes, the oldest first. */
  history: z.array(minute),
});
export type BoardSnapshot = z.infer<typeof boardSnapshot>;
export type BoardFolder = z.infer<typeof folder>;
export type BoardCompany = z.infer<typeof company>;
