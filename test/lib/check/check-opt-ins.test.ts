import { describe, expect, it } from 'vitest';
import { checkSchemaText } from '../../../lib/check/check-moovago-schema.ts';
import { verifiedOptIns } from '../../../lib/check/check-opt-ins.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';

const all = {
  contacts: { lastName: 'nom', email: { from: 'email', as: 'email' } },
  mandators: 'mandant',
  turnover: { amount: 'montant' },
};
const configWith = (optIns: object) =>
  parseSyncConfig({ company: { name: 'nom' }, ...optIns }, 'sync.config.ts');

function check(text: string | undefined, optIns: object = all): string[] {
  const found = checkSchemaText(text, configWith(optIns)).filter(({ where }) =>
    /contacts|mandators|turnover/.test(where),
  );
  return found.map(({ severity, where, message }) => `${severity} ${where}: ${message}`);
}

const verified = (text: string, optIns: object = all) =>
  Object.keys(verifiedOptIns(text, configWith(optIns)) ?? {});

describe('contacts, mandators and turnover, by Moovago’s schema', () => {
  it('are proved where it has all that would be sent', () => {
    expect(check(moovagoTypeDefs)).toEqual([
      "note Moovago's schema: contacts: assumption proved: it may be sent",
      "note Moovago's schema: turnover: assumption proved: it may be sent",
      "note Moovago's schema: mandators: assumption proved: it may be sent",
    ]);
    expect(verified(moovagoTypeDefs)).toEqual(['contacts', 'turnover', 'mandators']);
  });

  it('are errors one by one where it has not, and the others are proved all the same', () => {
    const schema = moovagoTypeDefs
      .replace('companyContact: CompanyContactMutation!', '')
      .replaceAll('mandatorIds: [ID!], ', '');
    expect(check(schema)).toEqual([
      'error Moovago\'s schema: contacts: Cannot query field "companyContact" on type "Mutation".',
      "note Moovago's schema: turnover: assumption proved: it may be sent",
      'error Moovago\'s schema: mandators: Field "mandatorIds" is not defined by type "CompanyCreateInput".',
      'error Moovago\'s schema: mandators: Field "mandatorIds" is not defined by type "CompanyUpdateFields".',
    ]);
    expect(verified(schema)).toEqual(['turnover']);
  });

  it('are asked of the fields that are mapped, and of no others', () => {
    const schema = moovagoTypeDefs.replaceAll(', role: String', '');
    expect(verified(schema, { contacts: { lastName: 'nom' } })).toEqual(['contacts']);
    expect(verified(schema, { contacts: { lastName: 'nom', role: 'fonction' } })).toEqual([]);
  });

  it('are an error each while no schema was given, and nothing where nobody wants them', () => {
    expect(check(undefined)).toEqual(
      ['contacts', 'turnover', 'mandators'].map(
        (name) => `error ${name}: is an assumption that Moovago's schema has not proved`,
      ),
    );
    expect(check(undefined, {})).toEqual([]);
    expect(check(moovagoTypeDefs, {})).toEqual([]);
  });

  it('are not judged by a file that is no schema', () => {
    expect(verifiedOptIns('<!DOCTYPE html>', configWith(all))).toBe(undefined);
  });
});
