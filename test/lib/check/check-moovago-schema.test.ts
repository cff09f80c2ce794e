import { describe, expect, it } from 'vitest';
import { checkSchemaText } from '../../../lib/check/check-moovago-schema.ts';
import { readSchema } from '../../../lib/framework/graphql-schema.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';

const all = {
  name: 'nom',
  city: 'ville',
  address: 'adresse',
  postalCode: 'cp',
  phone: 'tel',
  email: 'mail',
  note: 'notes',
  ownerIds: 'commercial',
};

function check(change: (text: string) => string = (text) => text, config: object = { company: all }) {
  return checkSchemaText(change(moovagoTypeDefs), parseSyncConfig(config, 'sync.config.ts')).map(
    ({ severity, where, message, isChange }) =>
      `${severity}${isChange ? '!' : ''} ${where.replace("Moovago's schema: ", '')} ${message}`,
  );
}

const proved = [
  'note companyList with texts assumption proved: companies can be read back (name, city, address, postalCode, phone, email, note)',
  'note company.delete assumption proved: company.delete(id:) exists',
];

describe('Moovago’s schema', () => {
  it('that has all that is sent proves the assumptions', () => {
    expect(check()).toEqual(proved);
  });

  it('names a deprecated field of an input, with its reason, where the configuration sends it', () => {
    const change = (text: string) =>
      text.replaceAll(
        'phone: String,\n    email',
        'phone: String @deprecated(reason: "Use phones."),\n    email',
      );
    const message = (type: string) => `The input field ${type}.phone is deprecated. Use phones.`;
    expect(check(change)).toEqual([
      `warning! company.create ${message('CompanyCreateInput')}`,
      `warning! company.update ${message('CompanyUpdateFields')}`,
      'note companyList with texts assumption proved: companies can be read back (name, city, address, postalCode, phone, email, note)',
      'warning! companyList with texts The field Company.phone is deprecated. Use phones.',
      'note company.delete assumption proved: company.delete(id:) exists',
    ]);
    const { phone: _, ...withoutPhone } = all;
    expect(check(change, { company: withoutPhone })).not.toContainEqual(
      expect.stringContaining('company.create'),
    );
  });

  it('names a removed and a deprecated field of an answer both', () => {
    const change = (text: string) =>
      text
        .replace('type Member { id: ID!, alias: String! }', 'type Member { id: ID!, name: String! }')
        .replace(
          'type Team { id: ID!, name: String!',
          'type Team { id: ID!, name: String! @deprecated(reason: "Use label.")',
        );
    expect(check(change)).toEqual([
      'error! team Cannot query field "alias" on type "Member".',
      'warning! team The field Team.name is deprecated. Use label.',
      ...proved,
    ]);
  });

  it('without texts to read back says what is lost, and which', () => {
    const change = (text: string) =>
      text.replace('email: String, note: String\n  }\n', 'email: String\n  }\n');
    const removed = check((text) => text.replace(/(type Company \{[^}]*), note: String/, '$1'));
    expect(removed).toEqual([
      expect.stringMatching(
        /^warning companyList with texts assumption disproved: companies cannot be read back with their texts/,
      ),
      'warning! companyList with texts Cannot query field "note" on type "Company". Did you mean "name"?',
      'note company.delete assumption proved: company.delete(id:) exists',
    ]);
    expect(check(change)).toContain(
      'error! company.create Field "note" is not defined by type "CompanyCreateInput". Did you mean "name"?',
    );
  });

  it('without a deletion is an error only where deletion is wanted', () => {
    const change = (text: string) => text.replace('delete(id: ID!): CompanyPayload', '');
    expect(check(change)).toEqual([
      proved[0],
      "note company.delete assumption disproved: company.delete(id:) does not exist; only onRemoved: 'delete' needs it",
    ]);
    expect(check(change, { company: all, onRemoved: 'delete' })).toEqual([
      proved[0],
      'error! company.delete Cannot query field "delete" on type "CompanyMutation".',
    ]);
  });

  it('with a field that became obligatory says so: at once, or where its column may be blank', () => {
    const obligatory = (field: string) => (text: string) =>
      text.replace('input CompanyCreateInput {', `input CompanyCreateInput { ${field}: String!`);
    expect(check(obligatory('segment'))).toContain(
      'error! company.create Field "CompanyCreateInput.segment" of required type "String!" was not provided.',
    );
    const change = (text: string) =>
      text.replace(/(input CompanyCreateInput \{[^}]*)city: String/, '$1city: String!');
    expect(check(change)).toEqual([
      'warning! company.create Field "CompanyCreateInput.city" of required type "String!" was not provided.',
      ...proved,
    ]);
  });

  it('that renames the type of an input is an error: documents name it', () => {
    const change = (text: string) => text.replaceAll('CompanyCreateInput', 'NewCompanyInput');
    expect(check(change)).toContainEqual(
      expect.stringMatching(/^error! company.create Unknown type "CompanyCreateInput"/),
    );
  });
});

describe('a file with a schema', () => {
  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['\n<!DOCTYPE html><html></html>', 'is a web page, not a schema'],
    ['<html lang="fr">', 'is a web page, not a schema'],
    ['{ team { id } }', 'holds no type Query: it is a query, or a part of a schema'],
    ['{"data": 1}', 'is no GraphQL schema: Syntax Error: Expected Name, found String "data". (line 1)'],
    ['PK\u0003\u0004', 'is no GraphQL schema: Syntax Error: Unexpected Name "PK". (line 1)'],
    ['type Query { team: Team }', 'is no GraphQL schema: Unknown type: "Team".'],
    ['#'.repeat(5_000_001), 'is longer than 5000000 characters: that is no schema'],
  ])('that is none gets one clear message (%#)', (text, problem) => {
    expect(readSchema(text)).toEqual({ problem });
  });

  it('may use what a server adds by itself', () => {
    const text = 'type Query @aws_iam { at: AWSDateTime!, by: [AWSEmail] } type Mutation { at: AWSDateTime }';
    expect(readSchema(text)).toHaveProperty('schema');
  });
});
