import type { Answer, Rule } from './rules.ts';
import type { Owned, Tenant } from './tenant.ts';

/** How the folders of a tenant fared. */
export type Judged = {
  /** Folders whose customer has a company when they come. */
  links: number;
  /** Linked to the customer's company. */
  right: number;
  /** Linked to another's. */
  wrong: number;
  /** Created although the customer's company is there. */
  twice: number;
  /** Left to a person, of these links, and of the other folders. */
  person: number;
  needless: number;
};

/** Delivers all folders of a tenant, one after the other, and compares what the rule says with the truth. */
export function judge<Known>({ folders, companies }: Tenant, rule: Rule<Known>): Judged {
  const judged = { links: 0, right: 0, wrong: 0, twice: 0, person: 0, needless: 0 };
  const index = createIndex(rule);
  const customers = new Map<string, number>();
  const companyOf = new Set<number>();
  const add = (owned: Owned) => {
    const id = `c${customers.size + 1}`;
    customers.set(id, owned.customer);
    companyOf.add(owned.customer);
    index.put(id, owned.record);
  };
  for (const company of companies) add(company);
  for (const folder of folders) {
    const isLink = companyOf.has(folder.customer);
    if (isLink) judged.links++;
    const answer = rule.decide(rule.know(folder.record), index.find(folder.record));
    const isRight = answer.kind === 'adopt' && customers.get(answer.companyId) === folder.customer;
    const became = kindOf(answer, { isLink, isRight });
    if (became !== undefined) judged[became]++;
    if (answer.kind === 'adopt') index.put(answer.companyId, folder.record);
    if (answer.kind === 'create') add(folder);
  }
  return judged;
}

function kindOf({ kind }: Answer, { isLink, isRight }: { isLink: boolean; isRight: boolean }) {
  if (kind === 'adopt') return isRight ? 'right' : 'wrong';
  if (kind === 'person') return isLink ? 'person' : 'needless';
  return isLink ? 'twice' : undefined;
}

/** Moovago's companies by their keys. What is written over a company leaves what is blank as it was. */
function createIndex<Known>(rule: Rule<Known>) {
  const records = new Map<string, Owned['record']>();
  const byKey = new Map<string, Map<string, Known>>();
  const put = (id: string, written: Owned['record']) => {
    const before = records.get(id) ?? {};
    for (const { key } of rule.keysOf(before)) byKey.get(key)?.delete(id);
    const texts = Object.entries(written).filter(([, value]) => value !== '');
    const record = { ...before, ...Object.fromEntries(texts) };
    records.set(id, record);
    const known = rule.know(record);
    for (const { key } of rule.keysOf(record)) byKey.set(key, (byKey.get(key) ?? new Map()).set(id, known));
  };
  const find = (record: Owned['record']) =>
    rule
      .keysOf(record)
      .map(({ kind, key }) => ({ kind, companies: byKey.get(key) ?? new Map<string, Known>() }));
  return { put, find };
}
