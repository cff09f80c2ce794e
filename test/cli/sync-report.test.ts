import { describe, expect, it } from 'vitest';
import { exitStatusOf, reportLines, type SyncReport } from '../../cli/sync-report.ts';

const done: SyncReport = {
  complete: true,
  scanned: 300,
  changed: 2,
  created: 1,
  updated: 1,
  adopted: 0,
  shared: 0,
  unchanged: 298,
  removed: 0,
  failed: 0,
  leftOut: 0,
  unreadable: 0,
  hidden: null,
  pending: 0,
  requests: { clavus: 4, moovago: 2 },
  throttled: 0,
  seconds: 2.5,
};

describe('the report of a synchronisation', () => {
  it.each([
    ['all is done', {}, 0],
    ['some records failed', { failed: 1 }, 3],
    ['some records failed and some changes wait', { failed: 1, pending: 1 }, 3],
    ['some changes wait', { pending: 1 }, 4],
    ['not every folder was seen', { complete: false }, 4],
  ])('ends with the status of the design when %s', (_, difference, status) => {
    expect(exitStatusOf({ ...done, ...difference })).toBe(status);
  });

  it('says in words what was done', () => {
    expect(reportLines(done)).toEqual([
      '300 folders read, 2 changed',
      '1 company created, 1 updated in Moovago',
      '4 requests to Clavus, 2 to Moovago, 0 refused for exceeding the limit, 2.5 s',
    ]);
  });

  it('says what is left to do', () => {
    expect(reportLines({ ...done, complete: false, failed: 1, pending: 3 }).slice(3)).toEqual([
      "Not every folder was read, because Clavus' pages shifted: the next run reads them again",
      '1 folder needs attention: npx clavus-moovago status',
      '3 changes wait to be sent later',
    ]);
  });
});
