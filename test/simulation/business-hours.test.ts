import { expect, it } from 'vitest';
import type { Plan } from '../../simulation/plan.ts';
import type { SimulatedFolder } from '../../simulation/services/fake-clavus.ts';
import { simulate } from '../../simulation/simulate.ts';

const minute = 60_000;
const tuesdayAtTen = Date.parse('2026-11-24T10:00:00+01:00');

/** Nothing fails, and nobody but the test works in Clavus. */
const calmTuesday = (plan: Plan): Plan => ({
  ...plan,
  startsAt: tuesdayAtTen,
  quietAt: tuesdayAtTen + 60 * minute,
  isCalm: false,
  faults: new Map(),
  pollEveryMs: 5 * minute,
  pageSize: 200,
  batchMax: 250,
  bulkAbove: 100,
  recordsPerRequest: 25,
  businessRate: 1,
  otherRate: 5,
  pilot: 3,
  marker: 'note',
  readBack: 'all',
  isReadable: true,
  isRecognisable: true,
  isMatching: false,
  customers: 0,
  hasOwners: false,
  blanks: 'keep',
  cityPolicy: 'clavus',
  dates: 'none',
  hasWebhook: false,
  reconcileEveryMs: 0,
});

const folder = (number: number): SimulatedFolder => ({
  id: `f${number}c${number}`,
  name: `Zqxclient ${number}`,
  city: 'Nice',
  note: '',
  owner: '',
  serial: 0,
  modifiedAt: tuesdayAtTen,
  changedAt: tuesdayAtTen,
});

/** A moment of the trace, in the time of Paris, and what happened. */
function readTrace(lines: readonly string[]) {
  const happened = lines.flatMap((line) => {
    const [, at = '', what = ''] = /^(\S+) moovago (creates|updates) company/.exec(line) ?? [];
    return what === '' ? [] : [{ minutes: (Date.parse(at) - tuesdayAtTen) / minute, what, line }];
  });
  const between = (what: string, from: number, to: number) =>
    happened.filter((one) => one.what === what && one.minutes >= from && one.minutes < to);
  return { between };
}

it('A mass at ten on a Tuesday sends nothing but the pilot, an edit of another folder is there after the next poll, and the mass after half past six', async () => {
  const trace: string[] = [];
  const { violation } = await simulate(1, {
    adjust: calmTuesday,
    onTrace: (line) => void trace.push(line),
    workload: ({ scheduler }, { put }) => {
      put(folder(1));
      scheduler.at(tuesdayAtTen + 20 * minute, () => {
        for (let number = 2; number <= 301; number++) put(folder(number));
      });
      scheduler.at(tuesdayAtTen + 41 * minute, () => put({ ...folder(1), city: 'Cannes' }));
    },
  });
  expect(violation).toBeUndefined();
  const { between } = readTrace(trace);
  const evening = 8.5 * 60;
  // The first folder, and two more until the pilot is over.
  expect(between('creates', 0, 20)).toHaveLength(1);
  expect(between('creates', 20, evening)).toHaveLength(2);
  expect(between('updates', 0, evening).map(({ line }) => line.slice(-4))).toEqual(['f1c1']);
  expect(between('updates', 41, 47)).toHaveLength(1);
  expect(between('creates', evening, evening + 10)).toHaveLength(298);
});
