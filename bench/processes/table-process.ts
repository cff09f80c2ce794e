/** The table, in a process of its own. */
import { z } from 'zod';
import { embeddedDocuments } from '../../local/dynamodb/embedded-documents.ts';
import { startCountingTable } from '../counting-table.ts';
import { seedCompanies } from '../many-companies.ts';
import { seedFingerprints } from '../many-folders.ts';
import { answerParent } from './child.ts';

const seed = z.object({ folders: z.number(), tableName: z.string() });
const companiesSeed = z.object({ from: z.number(), to: z.number(), tableName: z.string() });
const { endpoint, accessKeyId, takeCounts, database } = await startCountingTable();

answerParent({
  address: () => ({ endpoint, accessKeyId }),
  takeCounts,
  /** Fills the fingerprints in as a poll of so many folders leaves them. */
  seed: (argument) => {
    const { folders, tableName } = seed.parse(argument);
    return seedFingerprints({ client: embeddedDocuments(database, 'eu-west-3'), name: tableName }, folders);
  },
  /** Fills the match keys and the rows of delivered companies in, by their places. */
  seedCompanies: (argument) => {
    const { tableName, ...places } = companiesSeed.parse(argument);
    return seedCompanies({ client: embeddedDocuments(database, 'eu-west-3'), name: tableName }, places);
  },
});
