import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createMoovagoSchemaStore } from '../../../lib/state/moovago-schema.ts';
import { stateTable } from '../../support/state-table.ts';

it('Moovago’s schema is kept as it is, the last one wins, and one that no item can hold is refused', async () => {
  const store = createMoovagoSchemaStore(await stateTable());
  expect(await store.read()).toBeUndefined();
  await store.save('type Query { équipe: Int }');
  const long = `# ${'Société '.repeat(200_000)}`;
  await store.save(long);
  expect(await store.read()).toBe(long);
  const incompressible = randomBytes(400_000).toString('base64');
  await expect(store.save(incompressible)).rejects.toThrow(
    "Moovago's schema: is too large to be kept for the daily check.",
  );
  expect(await store.read()).toBe(long);
});
