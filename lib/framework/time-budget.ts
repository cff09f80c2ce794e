// Who may take how long, in milliseconds. A test compares it with serverless.yml: what is changed here is changed there, too.

/** The time-outs of the functions. */
export const functionMs = {
  refreshDirectory: 300_000,
  pollClavus: 600_000,
  feedQueue: 50_000,
  writeMoovago: 60_000,
  reconcile: 900_000,
  checkApis: 300_000,
  receiveWebhook: 29_000,
} as const;

/** The feeder's schedule. */
export const feedEveryMs = 60_000;

/** One request, to the end of its answer. */
export const requestMs = { clavus: 30_000, moovago: 20_000 } as const;

/** A function begins nothing new when it has less left than this: the last request, and what is written after it. */
export const reserveMs = {
  /** A page of folders and its rows. */
  poll: requestMs.clavus + 30_000,
  delivery: requestMs.moovago + 5_000,
  prospects: requestMs.clavus + 10_000,
} as const;

/** The feeder keeps work on the queue for so long: until its next turn, and until that one has fed. */
export const fedAheadMs = feedEveryMs + 15_000;

/** A lease ends after so long where its owner dies. */
export const leaseMs = {
  /** Renewed every {@link renewPollMs}; longer than a page takes. */
  poll: 90_000,
  pilot: functionMs.writeMoovago,
  prospects: functionMs.refreshDirectory + 60_000,
} as const;
export const renewPollMs = 25_000;

/** A webhook's function that noted a hint has ended after so long, by clocks that differ. */
export const hintSettlesMs = 2 * functionMs.receiveWebhook + 2_000;
