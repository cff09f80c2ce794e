import { hash } from 'node:crypto';
import { email } from '../../lib/mapping/email.ts';
import { fold } from '../../lib/mapping/fold.ts';
import { type MatchKey, matchKeys } from '../../lib/mapping/match-keys.ts';
import { phone } from '../../lib/mapping/phone.ts';
import { defaultMatch } from '../../lib/mapping/sync-config.ts';
import { witnessOf } from '../../lib/mapping/witness.ts';
import type { CompanyRecord } from '../../lib/moovago/company.ts';
import { bearersMax } from '../../lib/state/match-index.ts';
import { decide } from '../../lib/sync/match/decide.ts';

export type Answer = { kind: 'adopt'; companyId: string } | { kind: 'create' } | { kind: 'person' };

/** A way to tell whose company it is. `Known` is what it keeps of a company. */
export type Rule<Known> = {
  keysOf(record: CompanyRecord): MatchKey[];
  know(record: CompanyRecord): Known;
  decide(
    folder: Known,
    proposals: readonly { kind: string; companies: ReadonlyMap<string, Known> }[],
  ): Answer;
};

const matching = { match: defaultMatch, matchIgnore: [], stage: 'bench' };

export const witnessDecides: Rule<string> = {
  keysOf: (record) => matchKeys(record, matching),
  know: (record) => witnessOf(record, matching),
  decide: (folder, proposals) => {
    const decision = decide(
      folder,
      proposals.map(({ kind, companies }) => ({
        kind,
        bearers: [...companies]
          .slice(0, bearersMax + 1)
          .map(([companyId, witness]) => ({ companyId, witness })),
      })),
    );
    // Every company of the bench can be read.
    return decision.kind === 'wait' ? { kind: 'person' } : decision;
  },
};

const plain = (text: string) =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const digitsOf = (text: string, postalCode: string | undefined) => phone(text, postalCode).replace(/\D/g, '');

/** What the connector did before: the first kind of key that finds anything decides, whatever else the records say. */
export const firstKeyDecides: Rule<undefined> = {
  keysOf: (record) => {
    const digits = digitsOf(record.phone ?? '', record.postalCode);
    const [name, code] = [plain(record.name ?? ''), plain(record.postalCode ?? '')];
    const values = [
      ['email', email(record.email ?? '')],
      ['phone', digits.length >= 8 ? digits : ''],
      ['name+postalCode', name && code ? `${name} ${code}` : ''],
    ] as const;
    return values.flatMap(([kind, value]) =>
      value === '' ? [] : [{ kind, key: hash('sha256', `${kind}:${value}`).slice(0, 20) }],
    );
  },
  know: () => undefined,
  decide: (_, proposals) => {
    const hit = proposals.find(({ companies }) => companies.size > 0);
    const [companyId, ...others] = hit?.companies.keys() ?? [];
    if (companyId === undefined) return { kind: 'create' };
    return others.length > 0 ? { kind: 'person' } : { kind: 'adopt', companyId };
  },
};
