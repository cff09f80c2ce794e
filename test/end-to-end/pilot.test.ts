import { expect, it } from 'vitest';
import { jsonOf } from '../support/command-line.ts';
import { installation, installedConfig } from '../support/installation.ts';

/** What Moovago would show if it put something behind every name. */
const renamed = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (key, value) =>
      key === 'name' && typeof value === 'string' ? `${value} SAS` : value,
    ),
  );

it('The pilot stops the import at a field that Moovago keeps otherwise, tells which, and is skipped on demand', async () => {
  const { clavus, moovago, sync, command } = await installation({
    folders: 8,
    configuration: { ...installedConfig, pilot: 2 },
  });
  const isList = ({ operation }: { operation: string }) => operation === 'companyList';
  moovago.faults.order({ kind: 'rewrite', change: renamed }, { times: 1000, when: isList });

  const stopped = await sync();
  expect(stopped.status).toBe(2);
  expect(jsonOf(stopped)).toMatchObject({ created: 1, pending: 7, failed: 0 });
  expect(moovago.companies.size).toBe(1);
  const [company] = moovago.companies.values();
  const { stdout } = await command('status');
  expect(stdout).toContain('The pilot stopped the import');
  expect(stdout).toContain(`name       sent "${company?.name}", found "${company?.name} SAS"`);
  expect(stopped.stderr).not.toContain(String(company?.name));

  const again = await sync();
  expect([again.status, jsonOf(again)]).toEqual([2, expect.objectContaining({ created: 0, pending: 7 })]);

  const skipped = await sync(['--skip-pilot']);
  expect([skipped.status, jsonOf(skipped)]).toEqual([0, expect.objectContaining({ created: 7, pending: 0 })]);
  expect(moovago.companies.size).toBe(clavus.folders.size);
});
