/** The table, in a process of its own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { documentClient } from '../../lib/state/table.ts';
import { seedFingerprints } from '../seed-fingerprints.ts';
import { startCountingTable } from '../table/counting-table.ts';
import { answerParent } from './answer-parent.ts';

const seed = z.object({ folders: z.number(), region: z.string(), tableName: z.string(), stage: z.string() });

const { endpoint, counts } = await startCountingTable();

answerParent({
  endpoint: () => endpoint,
  takeCounts: () => counts.take(),
  /** Fills the fingerprints in as a poll of so many folders leaves them. */
  seed: async (argument) => {
    const { folders, region, tableName, stage } = seed.parse(argument);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint, region, credentials });
    await seedFingerprints({ client: documentClient(client), name: tableName }, { folders, stage });
    client.destroy();
  },
});
