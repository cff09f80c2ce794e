import type { Attempts } from './attempts.ts';
import type { FakeQueue } from './queue/fake-queue.ts';
import type { Companies } from './services/companies.ts';
import type { Contacts } from './services/contacts.ts';
import type { FakeClavus } from './services/fake-clavus.ts';
import type { FakeProspects } from './services/fake-prospects.ts';
import type { Ledger } from './services/ledger.ts';
import type { Items } from './table/items.ts';

/** What runs of the connector leave behind, as far as one can see it from outside. */
export type Remains = {
  items: Items;
  queue: FakeQueue;
  clavus: FakeClavus;
  companies: Companies;
  contacts: Contacts;
  ledger: Ledger;
  attempts: Attempts;
  prospects: FakeProspects;
  /** What a person decided last about a folder: which company is its own, or is not. */
  decided: Map<string, { is?: string; isNot?: string }>;
};
