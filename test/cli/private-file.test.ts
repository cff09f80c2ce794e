import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isReadByOthers, writePrivateFile } from '../../cli/private-file.ts';
import { openDatabase } from '../../local/dynamodb/database.ts';
import { temporaryFolder } from '../support/command-line.ts';

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

it('A file with names of customers is its owner’s alone, also one that was there and open to all', async () => {
  const file = join(await temporaryFolder(), 'plan.csv');
  await writeFile(file, 'old', { mode: 0o644 });
  expect(await isReadByOthers(file)).toBe(true);
  await writePrivateFile(file, 'new');
  expect(await modeOf(file)).toBe(0o600);
  expect(await isReadByOthers(file)).toBe(false);
  expect(await isReadByOthers(`${file}.none`)).toBe(false);
});

it('The state on this machine is its owner’s alone, also that of an older version', async () => {
  const file = join(await temporaryFolder(), 'state.sqlite');
  await writeFile(file, '', { mode: 0o644 });
  const database = openDatabase(file);
  expect(await modeOf(file)).toBe(0o600);
  expect(await modeOf(`${file}-wal`)).toBe(0o600);
  await database.close();
});
