/** The table, in a process of its own. */
import { z } from 'zod';
import { embeddedDocuments } from '../../local/dynamodb/embedded-documents.ts';
import { startCountingTable } from '../counting-table.ts';
import { seedFingerprints } from '../many-folders.ts';
import { answerParent } from './child.ts';

const seed = z.object({ folders: z.number(), tableName: z.string() });
const { endpoint, takeCounts, database } = await startCountingTable();

answerParent({
  endpoint: () => endpoint,
  takeCounts,
  /** Fills the fingerprints in as a poll of so many folders leaves them. */
  seed: (argument) => {
    const { folders, tableName } = seed.parse(argument);
    return seedFingerprints({ client: embeddedDocuments(database, 'eu-west-3'), name: tableName }, folders);
  },
});
