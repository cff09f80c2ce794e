import * as z from 'zod';
import { getItem, putItem, type Table } from './table.ts';

const hashes = z.record(z.string(), z.string());
/** By the key of `sync.config.ts`: a hash of everything that is sent for it. */
export type OperationHashes = z.infer<typeof hashes>;

/** `proved`: by Moovago's schema, in a check. `told`: not verified, so refused, and already reported. */
type Kind = 'proved' | 'told';

const keyOf = (kind: Kind) => ({ pk: 'DIRECTORY', sk: `opt-ins-${kind}` });

/** The operations beyond Moovago's guide that its schema has verified. */
export const createVerifiedOperations = (table: Table) => ({
  async read(kind: Kind): Promise<OperationHashes> {
    const item = await getItem(table, keyOf(kind));
    return item === undefined ? {} : hashes.parse(item.content);
  },
  save: (kind: Kind, content: OperationHashes) => putItem(table, { ...keyOf(kind), content }),
});
