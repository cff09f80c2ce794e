import { expect, it } from 'vitest';
import type { UnmatchedOwner } from '../../../../lib/state/directory.ts';
import { tellUnmatched } from '../../../../lib/sync/detect/tell-unmatched.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryDirectory } from '../../../support/memory-stores.ts';

function telling(before: UnmatchedOwner[]) {
  const telemetry = fakeTelemetry();
  const directory = memoryDirectory();
  directory.unmatched.now = before;
  const tell = (people: UnmatchedOwner[]) => tellUnmatched(people, { telemetry, directory });
  return { tell, lines: telemetry.lines, saved: () => directory.unmatched.now };
}

const jean = { person: 'Jean Petit', folders: 12, folderId: 'f1' };
const lea = { person: 'Léa Roux', folders: 30, folderId: 'f2' };

it('warns once for each new person, with the number of their folders and without the name', async () => {
  const { tell, lines, saved } = telling([jean]);
  await tell([jean, lea]);
  expect(lines).toEqual([{ level: 'warn', event: 'owner-unmatched', folders: 30, folderId: 'f2' }]);
  expect(saved()).toEqual([lea, jean]);
});

it('keeps the numbers up to date, and says nothing of who is known', async () => {
  const { tell, lines, saved } = telling([jean]);
  await tell([{ ...jean, folders: 13 }]);
  expect(lines).toEqual([]);
  expect(saved()).toEqual([{ ...jean, folders: 13 }]);
});

it('writes nothing when nothing has changed', async () => {
  const before = [jean];
  const { tell, saved } = telling(before);
  await tell([{ ...jean }]);
  expect(saved()).toBe(before);
});

it('tells a mandator from an owner of the same name', async () => {
  const { tell, lines } = telling([jean]);
  await tell([jean, { ...jean, kind: 'mandator', folders: 3 }]);
  expect(lines).toEqual([{ level: 'warn', event: 'mandator-unmatched', folders: 3, folderId: 'f1' }]);
});
