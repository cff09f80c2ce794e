import { describe, expect, it, onTestFinished } from 'vitest';
import { createClavusClient } from '../../../../lib/clavus/client.ts';
import type { FolderPage } from '../../../../lib/clavus/folder.ts';
import type { FoldersQuery } from '../../../../lib/clavus/operations.ts';
import { TryLater } from '../../../../lib/framework/errors.ts';
import { parseSyncConfig } from '../../../../lib/mapping/sync-config.ts';
import { createColumnAsking, probeColumnForm } from '../../../../lib/sync/detect/column-form.ts';
import { mergeColumns, readSample } from '../../../../lib/sync/detect/refresh-directory.ts';
import { type ClavusSimulatorOptions, startClavusSimulator } from '../../../../local/simulators/clavus.ts';
import type { Fault } from '../../../../local/simulators/faults.ts';
import { installedConfig } from '../../../support/installation.ts';

const config = parseSyncConfig(installedConfig, 'sync.config.ts');
const key = 'canary-clavus-key';

async function probe(options: Partial<ClavusSimulatorOptions> = {}, fault?: Fault) {
  const simulator = await startClavusSimulator({ key, folders: 60, ...options });
  onTestFinished(() => simulator.close());
  const clavus = createClavusClient({ url: new URL(simulator.url), key: async () => key });
  const { folders } = await readSample(clavus);
  const known = mergeColumns([], await clavus.getColumns(), folders);
  if (fault) simulator.faults.order(fault, { times: 9 });
  return { form: await probeColumnForm({ config, known, folders }, clavus), clavus };
}

describe('the form in which Clavus takes the columns to return', () => {
  it.each([
    ['id', 'their ids', { columnsBy: 'id' }],
    ['name', 'the names of the configuration', { columnsBy: 'name' }],
    [undefined, 'other names', { columnsBy: 'label' }],
  ] as const)('is %s where it takes them by %s', async (form, _, options) => {
    expect((await probe(options)).form).toBe(form);
  });

  it.each<[string, Fault]>([
    ['overlooks', { kind: 'ignoreArguments', names: ['columns'] }],
    ['refuses', { kind: 'status', status: 500 }],
  ])('is none where it %s them', async (_, fault) => {
    expect((await probe({}, fault)).form).toBeUndefined();
  });
});

describe('pages with some columns only', () => {
  const column = (name: string, value: string) => ({ id: name, name, label: name, value });
  const reading = {
    columns: () => ['nom', 'ville'],
    text: ({ columns }: FolderPage['folders'][number], name: string) => {
      const found = columns.find((one) => one.id === name);
      return found && String(found.value);
    },
  };
  /** @param answer the columns of the one folder of a page */
  function asking(answer: (columns: readonly string[] | undefined) => string[]) {
    const asked: (readonly string[] | undefined)[] = [];
    const getFolders = createColumnAsking(['nom', 'ville'], reading, async ({ columns }: FoldersQuery) => {
      asked.push(columns);
      const shown = answer(columns).map((name) => column(name, `of ${name}`));
      return { totalCount: 1, folders: [{ id: 'f1', columns: shown }] };
    });
    const read = async () => {
      const { folders } = await getFolders({ page: 1, itemParPage: 1 });
      return folders.flatMap(({ columns }) => columns.map(({ id }) => id));
    };
    return { read, asked };
  }

  it('are whole again as soon as one lacks a column that Clavus has', async () => {
    const { read, asked } = asking((columns) => (columns ? ['nom'] : ['nom', 'ville', 'note']));
    expect(await read()).toEqual(['nom', 'ville', 'note']);
    expect(await read()).toEqual(['nom', 'ville', 'note']);
    expect(asked).toEqual([['nom', 'ville'], undefined, undefined]);
  });

  it('cost one more request where a column is shown by no page', async () => {
    const { read, asked } = asking(() => ['nom']);
    for (const _ of [1, 2, 3]) expect(await read()).toEqual(['nom']);
    expect(asked.filter((columns) => columns === undefined)).toHaveLength(1);
    expect(asked).toHaveLength(4);
  });

  it('are whole after a refusal; trouble is trouble', async () => {
    const refusal = new TryLater('no', { system: 'Clavus', applied: 'no', isDivisible: true });
    const { read, asked } = asking((columns) => {
      if (columns) throw refusal;
      return ['nom', 'ville'];
    });
    expect([await read(), await read(), asked.length]).toEqual([['nom', 'ville'], ['nom', 'ville'], 3]);
    const trouble = new TryLater('down', { system: 'Clavus', applied: 'no', status: 503 });
    const down = asking(() => {
      throw trouble;
    });
    await expect(down.read()).rejects.toBe(trouble);
    expect(down.asked).toHaveLength(1);
  });
});
