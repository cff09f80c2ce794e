import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { WireItem } from './attribute-values.ts';

const folderIn = (dataDir: string) => join(dataDir, 'dynamodb');

/** Whether a directory holds the state of version 0.1.0. */
export const hasOldState = (dataDir: string): boolean => existsSync(folderIn(dataDir));

/** Puts it aside, once its items are elsewhere. */
export const setOldStateAside = (dataDir: string): void =>
  renameSync(folderIn(dataDir), `${folderIn(dataDir)}.imported`);

type Page = { Items: WireItem[]; LastEvaluatedKey?: WireItem };

/** The items of a table as version 0.1.0 kept them, in the files of dynalite. */
export async function* oldItems(dataDir: string, TableName: string): AsyncGenerator<WireItem> {
  const { openDynalite } = await import('../emulators.ts');
  const { service, close } = openDynalite(dataDir);
  try {
    let ExclusiveStartKey: WireItem | undefined;
    do {
      const page: Page = JSON.parse(await service('Scan', JSON.stringify({ TableName, ExclusiveStartKey })));
      yield* page.Items;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  } finally {
    await close();
  }
}
