import { expect, it } from 'vitest';
import type { UnmatchedOwner } from '../../../../lib/state/directory.ts';
import { reportUnmatched } from '../../../../lib/sync/detect/report-unmatched.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryDirectory } from '../../../support/memory-stores.ts';

function reporting(before: UnmatchedOwner[]) {
  const telemetry = fakeTelemetry();
  const directory = memoryDirectory();
  directory.unmatched.now = before;
  const report = (people: UnmatchedOwner[]) => reportUnmatched(people, { telemetry, directory });
  return { report, lines: telemetry.lines, saved: () => directory.unmatched.now };
}

const jean = { person: 'Jean Petit', folders: 12, folderId: 'f1' };
const lea = { person: 'Léa Roux', folders: 30, folderId: 'f2' };

it('warns once for each new person, with the number of their folders and without the name', async () => {
  const { report, lines, saved } = reporting([jean]);
  await report([jean, lea]);
  expect(lines).toEqual([{ level: 'warn', event: 'owner-unmatched', folders: 30, folderId: 'f2' }]);
  expect(saved()).toEqual([lea, jean]);
});

it('keeps the numbers up to date, and says nothing of who is known', async () => {
  const { report, lines, saved } = reporting([jean]);
  await report([{ ...jean, folders: 13 }]);
  expect(lines).toEqual([]);
  expect(saved()).toEqual([{ ...jean, folders: 13 }]);
});

it('writes nothing when nothing has changed', async () => {
  const before = [jean];
  const { report, saved } = reporting(before);
  await report([{ ...jean }]);
  expect(saved()).toBe(before);
});

it('tells a mandator from an owner of the same name', async () => {
  const { report, lines } = reporting([jean]);
  await report([jean, { ...jean, kind: 'mandator', folders: 3 }]);
  expect(lines).toEqual([{ level: 'warn', event: 'mandator-unmatched', folders: 3, folderId: 'f1' }]);
});
