import * as z from 'zod';
import { getItem, putItem, type Table } from './table.ts';

const proofs = z.record(z.string(), z.string());
/** By the key of `sync.config.ts`: a hash of everything that is sent for it. */
export type Proofs = z.infer<typeof proofs>;

/** `proved`: by Moovago's schema, in a check. `told`: refused for lack of a proof, and already reported. */
type Kind = 'proved' | 'told';

const keyOf = (kind: Kind) => ({ pk: 'DIRECTORY', sk: `opt-ins-${kind}` });

/** The operations beyond Moovago's guide that its schema has proved. */
export const createProofsStore = (table: Table) => ({
  async read(kind: Kind): Promise<Proofs> {
    const item = await getItem(table, keyOf(kind));
    return item === undefined ? {} : proofs.parse(item.content);
  },
  save: (kind: Kind, content: Proofs) => putItem(table, { ...keyOf(kind), content }),
});
