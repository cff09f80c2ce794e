import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../../cli/plan/plan.ts';
import { planLines } from '../../../cli/plan/plan-lines.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { emptyPlan } from '../../support/empty-plan.ts';

const config = parseSyncConfig({ company: { name: 'nom' } }, 'test');
const options = { config, isShared: false };
const creates = Array.from({ length: 12 }, (_, index) => ({
  folderId: `f${index + 1}`,
  lane: 'bulk' as const,
  fields: { name: `Name ${index + 1}`, city: 'Nice', note: 'a note', ownerIds: ['m1'] },
}));

describe('a plan on a terminal', () => {
  it('shows the first ten of a kind and counts the others, and tells when a mass goes', () => {
    const plan = {
      ...emptyPlan,
      creates,
      totals: { ...emptyPlan.totals, creates: 12, scanned: 15 },
      requests: { reading: 2, documents: 3, readBacks: 1, total: 6 },
      endsAt: '2026-11-23T17:34:10.000Z',
    };
    const lines = planLines(plan, options);
    expect(lines.slice(0, 3)).toEqual([
      'To create in Moovago: 12',
      '  f1  Name 1 · Nice',
      '  f2  Name 2 · Nice',
    ]);
    expect(lines.slice(10)).toEqual([
      '  f10  Name 10 · Nice',
      '  … and 2 more (--all, or --csv FILE)',
      '',
      '15 folders read: 3 as they are, 12 to create',
      'Requests to Moovago: 6 (3 that write, of up to 25 records; 1 that read back; 2 that read before)',
      '12 in bulk, which wait for the end of business hours: Monday 23 November, 18:30 (GMT+1)',
      'If sync starts now, the last request leaves on Monday 23 November, 18:34 (GMT+1), in 8.6 h.',
      'Nothing was written.',
    ]);
    expect(planLines(plan, { ...options, all: true })).toContain('  f12  Name 12 · Nice');
  });

  it('says so when there is nothing to send, and what else a person should know', () => {
    const plan = {
      ...emptyPlan,
      complete: false,
      totals: { ...emptyPlan.totals, scanned: 10, waiting: 4, standing: 2, leftOut: 1, removals: 1 },
      waitsFor: { why: 'pilot' as const },
    };
    expect(planLines(plan, { ...options, isShared: true })).toEqual([
      '10 folders read: 3 as they are, 4 that would still wait, 2 that need attention since earlier (npx clavus-moovago status), 1 left out by hand; 1 gone from Clavus',
      'Requests to Moovago: 2 (0 that write, of up to 25 records; 0 that read back; 2 that read before)',
      'Nothing to send.',
      'What waits does so because the pilot has stopped the import: see status',
      "Not every folder was read, because Clavus' pages shifted: run plan again",
      'Moovago was read at 1 request a second, in addition to the requests of the stage.',
      'Nothing was written.',
    ]);
  });

  it('shows every other kind in words', () => {
    const changes: FieldChange[] = [
      { field: 'city', old: null, new: 'Nice' },
      { field: 'phone', new: '04 93' },
      { field: 'ownerIds', old: ['m1', 'm2'], new: ['m3'] },
      { field: 'note', old: `${'same '.repeat(20)}end`, new: `${'same '.repeat(20)}other end` },
      { field: 'address', old: 'x', new: '' },
      { field: 'postalCode', old: '79000', new: '79000' },
    ];
    const removal = { companyId: 'c5', name: 'Cinq', held: false, confirmed: true } as const;
    const primary = { primary: 'f3', primaryName: 'Trois', differ: [] };
    const lines = planLines(
      {
        ...emptyPlan,
        updates: [{ folderId: 'f1', companyId: 'c1', lane: 'live', changes }],
        adopts: [
          {
            ...{ folderId: 'f2', companyId: 'c2', name: 'Deux', companyName: 'DEUX SARL', by: 'email' },
            because: 'the same e-mail, and the same street',
            ...{ differ: [], lane: 'live', changes: [] },
          },
        ],
        secondary: [
          { folderId: 'f4', name: 'Quatre', ...primary, by: 'phone', because: 'the same telephone' },
          { folderId: 'f5', name: 'Cinq', ...primary, by: 'phone', because: '' },
          { folderId: 'f6', name: 'Six', ...primary, by: null, because: '' },
        ],
        removals: [
          { ...removal, folderId: 'f5', policy: 'delete' },
          { ...removal, folderId: 'f6', policy: 'flag', confirmed: false },
          { ...removal, folderId: 'f7', policy: 'keep', companyId: null, held: true },
        ],
        ambiguous: [
          {
            folderId: 'f8',
            name: 'Huit',
            by: 'phone',
            because: 'the same telephone, but another street',
            candidates: [{ companyId: 'c8', name: 'HUIT' }],
          },
        ],
        unmappable: [
          { folderId: 'f9', field: 'company.name', reason: 'nom is empty' },
          { folderId: 'f10', field: 'company.ownerIds', reason: 'nobody' },
          { folderId: 'f11', field: 'company.name', reason: 'nom is empty' },
        ],
      },
      options,
    );
    expect(
      lines.slice(
        0,
        lines.findIndex((line) => line.includes('folders read')),
      ),
    ).toEqual([
      'To update in Moovago: 1',
      '  f1  company c1',
      '    city        (empty) → "Nice"',
      '    phone       (not known) → "04 93"',
      '    ownerIds    "m1, m2" → "m3"',
      '    note        "…e same same end" → "…e same same other end"',
      '    address     "x" → (empty)',
      '',
      'To link to a company that Moovago already has: 1',
      '  f2  Deux: company c2  DEUX SARL',
      '    the same e-mail, and the same street',
      '',
      'To share the company of another folder, which writes it: 3',
      '  f4  Quatre: with folder f3  Trois',
      '    the same telephone',
      '  f5  Cinq: with folder f3  Trois',
      '    by phone',
      '  f6  Six: with folder f3  Trois',
      '',
      'Gone from Clavus: 3, more than removalLimit allows at once: none is removed before `removals approve`',
      '  f5  Cinq: company c5 is deleted',
      '  f6  Cinq: company c5 gets a mark in its name, if the next scan does not find it either',
      '  f7  Cinq: no company, held',
      '',
      'You decide which company it is: 1',
      '  f8  Huit: the same telephone, but another street',
      '    company c8  HUIT',
      '',
      'Cannot be mapped: 3 (npx clavus-moovago check names these people)',
      '  company.name: nom is empty',
      '    f9, f11',
      '  company.ownerIds: nobody',
      '    f10',
      '',
    ]);
  });
});
