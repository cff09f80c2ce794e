import { expect, it } from 'vitest';
import type { Plan } from '../../../cli/plan/plan.ts';
import { planCsv } from '../../../cli/plan/plan-csv.ts';
import { emptyPlan } from '../../support/empty-plan.ts';

it('A plan as CSV has a line for each field, and no value that a spreadsheet takes for a formula', () => {
  const plan: Plan = {
    ...emptyPlan,
    creates: [{ folderId: 'f1', lane: 'bulk', fields: { name: '=1+1', ownerIds: ['m1', 'm2'] } }],
    updates: [
      {
        folderId: 'f2',
        companyId: 'c2',
        lane: 'live',
        changes: [
          { field: 'phone', old: '+33 4 93', new: '-1' },
          { field: 'note', old: null, new: 'two\nlines, "quoted"' },
          { field: 'city', new: '@here' },
        ],
      },
    ],
    adopts: [
      {
        folderId: 'f3',
        companyId: 'c3',
        name: 'Trois',
        companyName: 'TROIS',
        by: 'email',
        because: 'the same e-mail, and the same name',
        differ: [],
        lane: 'live',
        changes: [],
      },
    ],
    ambiguous: [
      {
        folderId: 'f4',
        name: 'Quatre',
        by: 'phone',
        because: '',
        candidates: [
          { companyId: 'c4', name: '\tQuatre' },
          { companyId: 'c5', name: '\rQuatre' },
        ],
      },
    ],
    removals: [
      { folderId: 'f5', companyId: null, name: '', policy: 'flag', held: true, confirmed: false },
      { folderId: 'f6', companyId: 'c6', name: '', policy: 'delete', held: false, confirmed: true },
      { folderId: 'f7', companyId: 'c7', name: '', policy: 'keep', held: false, confirmed: false },
    ],
    unmappable: [{ folderId: 'f8', field: 'company.name', reason: 'nom is empty' }],
    secondary: [
      {
        folderId: 'f9',
        name: 'Neuf',
        primary: 'f1',
        primaryName: 'NEUF',
        by: 'name+postalCode',
        because: '',
        differ: [],
      },
    ],
  };
  const text = planCsv(plan, { separator: ';', language: 'en' });
  expect(text.split('\r\n')).toEqual([
    '\uFEFF"action";"folder";"company";"field";"old";"new";"detail"',
    `"create";"f1";"";"name";"";"'=1+1";""`,
    '"create";"f1";"";"ownerIds";"";"m1, m2";""',
    `"update";"f2";"c2";"phone";"'+33 4 93";"'-1";""`,
    '"update";"f2";"c2";"note";"";"two\nlines, ""quoted""";""',
    `"update";"f2";"c2";"city";"";"'@here";""`,
    '"adopt";"f3";"c3";"";"";"";"the same e-mail, and the same name"',
    `"ambiguous";"f4";"c4";"name";"'\tQuatre";"";"phone"`,
    `"ambiguous";"f4";"c5";"name";"'\rQuatre";"";"phone"`,
    '"remove";"f5";"";"";"";"";"flag, held"',
    '"remove";"f6";"c6";"";"";"";"delete"',
    '"remove";"f7";"c7";"";"";"";"keep, by the next scan"',
    '"unmappable";"f8";"";"company.name";"";"";"nom is empty"',
    '"share";"f9";"";"name";"NEUF";"Neuf";"the company of folder f1: by name+postalCode"',
    '',
  ]);
});

const oneName = (name: string, separator = ';', language = 'en') => {
  const creates = [{ folderId: 'f1', lane: 'bulk' as const, fields: { name } }];
  return planCsv({ ...emptyPlan, creates }, { separator, language });
};

it.each([
  // What a French Excel makes a cell of, what an English one does, and what a wrong guess does.
  ['Dupont;=1+1;x', "Dupont;'=1+1;x"],
  ['Dupont,=1+1', "Dupont,'=1+1"],
  ['Dupont\t=1+1', "Dupont\t'=1+1"],
  ['Dupont\n=1+1', "Dupont\n'=1+1"],
  ['Dupont\r\n@SUM(1)', "Dupont\r\n'@SUM(1)"],
  ['Dupont; +1', "Dupont;' +1"],
  ['Dupont;"=1+1', `Dupont;'""=1+1`],
  [' -1', "' -1"],
  ['＝1+1', "'＝1+1"],
  ['Dupont = Fils; tél. 04', 'Dupont = Fils; tél. 04'],
])('%j can be no formula, whatever the file is cut at', (name, cell) => {
  for (const separator of [';', ',', '\t'])
    expect(oneName(name, separator)).toContain(
      ['"create"', '"f1"', '""', '"name"', '""', `"${cell}"`, '""\r\n'].join(separator),
    );
});

it('The header of the file is in French where the reader is', () => {
  expect(oneName('Dupont', ',', 'fr').split('\r\n')[0]).toBe(
    '\uFEFF"action","dossier","société","champ","ancien","nouveau","détail"',
  );
});
