import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDiskFlush } from '../../../local/dynamodb/disk-flush.ts';
import { temporaryFolder } from '../../support/command-line.ts';

it('One flush serves all who ask before it begins, and no later one', async () => {
  const file = join(await temporaryFolder(), 'log');
  await writeFile(file, 'x');
  const { flush, close } = createDiskFlush(file);
  const [first, second] = [flush(), flush()];
  expect(second).toBe(first);
  await first;
  const third = flush();
  expect(third).not.toBe(first);
  await third;
  await close();
});

it('A flush that fails fails those who wait for it, and the next one tries again', async () => {
  const file = join(await temporaryFolder(), 'log');
  const { flush, close } = createDiskFlush(file);
  await expect(flush()).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(file, 'x');
  await expect(flush()).resolves.toBeUndefined();
  await close();
});
