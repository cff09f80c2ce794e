import { describe, expect, it } from 'vitest';
import { outcomeAndNextStep } from '../../../cli/explain/outcome.ts';
import { rowWith } from '../../support/row-with.ts';

const base = {
  folderId: 'f1',
  revision: 1,
  writeId: 'w',
  attempts: 0,
  companyId: 'c1',
  desired: { version: 2, record: { name: 'Dupont' }, at: 1, lane: 'bulk' },
};

const explained = (changes: object) =>
  outcomeAndNextStep(
    {
      folderId: 'f1',
      row: rowWith(base, changes),
      inClavus: false,
      mapped: null,
      isLeftOut: false,
      byName: { total: 0, folders: [] },
    },
    { config: 'sync.config.ts', dataDir: '.data' },
  );

describe('what explain says', () => {
  it('names the company that Moovago refused to delete, and does not send to Clavus for it', () => {
    const failure = { kind: 'rejected', message: 'has visits', firstAt: 1, lastAt: 1 };
    const { outcome, nextStep } = explained({ status: 'refused', removal: 'delete', failure });
    expect(outcome).toMatch(
      /^In Moovago as company c1; the folder is gone from Clavus, and Moovago refused its deletion, has visits \(.*\)\.$/,
    );
    expect(nextStep).toBe('Do it by hand in Moovago: company c1.');
  });

  it('names what a person can decide, and what a person has decided', () => {
    const failure = { kind: 'match', message: 'two', candidates: ['c1', 'c2'], firstAt: 1, lastAt: 1 };
    expect(explained({ status: 'ambiguous', companyId: undefined, failure }).nextStep).toBe(
      'Choose one of the companies c1, c2: npx clavus-moovago link f1 COMPANY. ' +
        'For a company of its own: npx clavus-moovago unlink f1',
    );
    const { outcome, nextStep } = explained({ status: 'ignored', dueLane: 'ignored', dueAt: 1 });
    expect(outcome).toMatch(/^In Moovago as company c1; left out by hand \(.+\): nothing of it is sent\.$/);
    expect(nextStep).toBe('Nothing. To sync it again: npx clavus-moovago ignore f1 --undo');
  });

  it('keeps the reason of a folder that came back while its deletion was under way, and cannot be mapped', () => {
    const failure = {
      kind: 'mapping',
      message: 'nom is empty',
      field: 'company.name',
      firstAt: 1,
      lastAt: 1,
    };
    const { outcome, nextStep } = explained({ status: 'refused', companyId: undefined, failure });
    expect(outcome).toMatch(/^Not in Moovago: refused, nom is empty/);
    expect(nextStep).toBe(
      'Correct the folder in Clavus, or company.name in sync.config.ts: it is then sent automatically.',
    );
  });
});
