/** @typedef {typeof en} Words */

/** What the page says in English. */
export const en = {
  to: ' to ',
  simulated: 'Simulation',
  real: 'Live',
  language: 'Language',
  flow: 'The flow',
  waiting: 'Waiting',
  live: 'single changes',
  bulk: 'bulk changes',
  queue: 'on the queue',
  deadLetters: 'dead letters',
  pace: 'Pace',
  tryIt: 'Try it',
  addFolder: 'Add a folder',
  editMany: 'Edit 120 folders at once',
  trouble: 'Make Moovago fail for a while',
  troubleTold: 'The next five requests to Moovago fail. Edit a folder to see what happens.',
  failures: 'Needs attention',
  noFailures: 'No folder needs attention.',
  retry: 'Retry',
  retryAll: 'Retry all',
  asked: 'Retry requested …',
  open: 'Open',
  since: /** @type {(ago: string) => string} */ (ago) => `failed ${ago}`,
  lastHour: 'The last hour',
  delivered: 'delivered',
  failed: 'failed',
  due: 'waiting',
  minute: 'minute',
  asTable: 'As a table',
  now: 'now',
  search: 'Find a customer',
  folders: 'Folders in Clavus',
  foldersHintSimulated: 'Choose one to edit it.',
  foldersHintReal: 'Recently changed folders; search for others by id.',
  companies: 'Companies in Moovago',
  companiesHint: 'The most recently written come first.',
  nothingFound: 'Nothing found.',
  privacy: 'This page runs on this machine, and nothing that it shows leaves it.',
  close: 'Close',
  folder: 'Folder',
  editInClavus: 'Edit it in Clavus',
  save: 'Save in Clavus',
  saved: 'Saved in Clavus. The change is on its way to Moovago.',
  comparison: 'Field by field',
  field: 'Field',
  fromClavus: 'From Clavus',
  inMoovago: 'In Moovago',
  differs: 'differs: ',
  offline: 'The connector does not answer: it has stopped, or it is very busy.',
  refused: "That failed. The connector's terminal says why.",
  justNow: 'just now',
  never: 'never',
  folderUnit: /** @type {(count: number) => string} */ (count) => (count === 1 ? 'folder' : 'folders'),
  companyUnit: /** @type {(count: number) => string} */ (count) => (count === 1 ? 'company' : 'companies'),
  changeUnit: /** @type {(count: number) => string} */ (count) => (count === 1 ? 'change' : 'changes'),
  rateUnit: /** @type {(rate: number) => string} */ (rate) =>
    rate === 1 ? 'request a second at most' : 'requests a second at most',
  read: /** @type {(ago: string) => string} */ (ago) => `read ${ago}`,
  written: /** @type {(ago: string) => string} */ (ago) => `last written ${ago}`,
  held: /** @type {(time: string) => string} */ (time) =>
    `Moovago does not respond normally: nothing is sent before ${time}.`,
  heldMore: 'Nothing is lost: what waits is sent once Moovago recovers.',
  heldKey: /** @type {(time: string) => string} */ (time) =>
    `Moovago refuses the connector's key: nothing is sent before ${time}.`,
  heldKeyMore:
    'Ask the person who runs the connector to correct the key. Nothing is lost: what waits is sent once Moovago accepts it.',
  pilotStopped: 'The first records read back differ from what was sent: the import has stopped.',
  pilotStoppedMore: 'Correct the mapping; the import then resumes automatically.',
  onTheWay: /** @type {(count: string, n: number) => string} */ (count, n) =>
    n === 1 ? 'One change is on its way to Moovago.' : `${count} changes are on their way to Moovago.`,
  waitsForEvening: /** @type {(count: string, time: string, n: number) => string} */ (count, time, n) =>
    n === 1
      ? `One bulk change waits for the end of business hours, ${time}.`
      : `${count} bulk changes wait for the end of business hours, ${time}.`,
  inStep: 'Everything in Clavus is in Moovago.',
  inStepBut: 'Everything else is in Moovago.',
  needSomebody: /** @type {(count: string, n: number) => string} */ (count, n) =>
    n === 1 ? 'One folder needs attention.' : `${count} folders need attention.`,
  notYet: 'Clavus is being read for the first time.',
  removalsHeld: /** @type {(count: string, n: number) => string} */ (count, n) =>
    `${n === 1 ? 'One folder is' : `${count} folders are`} gone from Clavus, more than the limit: no company is touched. Ask the person who runs the connector to check and approve: npx clavus-moovago removals`,
  hidden: /** @type {(shown: string) => string} */ (shown) =>
    `Clavus shows only its first ${shown} folders: others may be missing in Moovago. Ask the person who runs the connector to set clavus.createdColumn.`,
  unreadable: /** @type {(count: string, n: number) => string} */ (count, n) =>
    `${n === 1 ? 'One folder' : `${count} folders`} cannot be read in Clavus: the companies keep their last state.`,
  leftAside: /** @type {(count: string, n: number) => string} */ (count, n) =>
    `${n === 1 ? 'One change is' : `${count} changes are`} left aside, because a newer version of the connector wrote ${n === 1 ? 'it' : 'them'}. Ask the person who runs the connector to install that version again.`,
  paceIgnores: 'Business hours are ignored here: full pace at any hour.',
  paceBusiness: /** @type {(time: string) => string} */ (time) =>
    `Reduced pace now; bulk changes wait until ${time}.`,
  paceFree: 'Outside business hours: full pace, bulk changes included.',
  pacePilot: 'The first records are sent one by one and read back.',
  hours: /** @type {(days: string, from: string, to: string) => string} */ (days, from, to) =>
    `Business hours: ${days}, ${from}–${to}`,
  band: /** @type {(from: string, to: string, now: string, zone: string) => string} */ (
    from,
    to,
    now,
    zone,
  ) => `The day (${zone}): business hours from ${from} to ${to}; it is ${now}.`,
  bandFree: /** @type {(now: string, zone: string) => string} */ (now, zone) =>
    `The day (${zone}): no business hours today; it is ${now}.`,
  chart: /** @type {(delivered: string, failed: string, due: string) => string} */ (delivered, failed, due) =>
    `Records in the last hour: ${delivered} delivered, ${failed} failed; ${due} waiting now.`,
  status: {
    unseen: 'not read yet',
    due: 'on its way',
    delivered: 'in Moovago',
    refused: 'needs attention',
    parked: 'needs attention',
    ambiguous: 'needs attention',
    secondary: 'shares a company',
    removed: 'gone from Clavus',
  },
  kinds: {
    mapping: {
      why: /** @type {(field: string) => string} */ (field) => `Its ${field} is empty or invalid in Clavus.`,
      next: 'Correct it in Clavus; it is then sent automatically.',
    },
    rejected: { why: () => 'Moovago rejects this folder.', next: 'Correct it in Clavus, or retry.' },
    match: {
      why: () => 'Several companies in Moovago may be this customer.',
      next: 'Keep one of them in Moovago, then retry.',
    },
    deleted: {
      why: () => 'Its company was deleted in Moovago.',
      next: 'Do nothing if it should stay deleted; Retry creates it again.',
    },
    service: {
      why: () => 'Moovago gave no clear answer, several times.',
      next: 'Retry once Moovago recovers.',
    },
    internal: { why: () => 'The connector itself failed.', next: 'Retry, and tell its developers.' },
  },
  entities: { contact: 'contact', turnover: 'turnover' },
  /** @type {Record<string, string>} */
  fields: {
    name: 'name',
    city: 'city',
    address: 'address',
    postalCode: 'postal code',
    phone: 'phone',
    email: 'e-mail',
    note: 'note',
    ownerIds: 'owners',
  },
};
