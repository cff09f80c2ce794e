import { z } from 'zod';
import { openAwsDoor } from '../local/aws-door.ts';
import { openDatabase } from '../local/dynamodb/database.ts';
import { callDynamodb } from '../local/dynamodb/embedded-dynamodb.ts';
import { newKey } from '../local/request-guard.ts';

/** What calls came to. */
export const callCounts = z.object({
  calls: z.number(),
  readUnits: z.number(),
  /** Writes of rows and fingerprints. */
  folderWrites: z.number(),
});
export type CallCounts = z.infer<typeof callCounts>;

const reads = /^(Get|BatchGet)Item$|^Query$|^Scan$/;
const folderKey = /"(F|FOLDER)#/;

/** The embedded table on 127.0.0.1, which counts what it is asked and what DynamoDB would bill for reading. */
export async function startCountingTable() {
  const database = openDatabase(undefined);
  const nothing = (): CallCounts => ({ calls: 0, readUnits: 0, folderWrites: 0 });
  let counts = nothing();

  async function dynamodb(call: string, input: string): Promise<string> {
    counts.calls += 1;
    const isRead = reads.test(call);
    if (!isRead && folderKey.test(input)) counts.folderWrites += 1;
    const answered = await callDynamodb(database, call, JSON.parse(input));
    if (isRead) counts.readUnits += readUnits(JSON.parse(input), JSON.parse(answered));
    return answered;
  }

  const accessKeyId = newKey();
  const door = await openAwsDoor({ dynamodb, accessKeyId });
  return {
    endpoint: door.endpoint,
    accessKeyId,
    database,
    /** Everything since the last time that it was asked for. */
    takeCounts: (): CallCounts => {
      const taken = counts;
      counts = nothing();
      return taken;
    },
    close: async () => {
      await door.close();
      await database.close();
    },
  };
}

type Values = Record<string, unknown>;
type Asked = { ConsistentRead?: boolean; RequestItems?: Record<string, Asked & { Keys: Values[] }> };
type Answered = { Item?: Values; Items?: Values[]; Responses?: Record<string, Values[]> };

/** Of a query, one sum of all items; of a batch, each for itself: a key that finds nothing costs as much as a little. */
function readUnits({ ConsistentRead, RequestItems = {} }: Asked, { Item, Items, Responses }: Answered) {
  const units = (bytes: number, isConsistent = false) =>
    Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  if (Items?.length === 0) return 0;
  if (Responses === undefined) return units(sum((Items ?? [Item ?? {}]).map(billedBytes)), ConsistentRead);
  return sum(
    Object.entries(RequestItems).map(([table, { Keys, ConsistentRead: isConsistent }]) => {
      const found = Responses[table] ?? [];
      const missing = units(0, isConsistent) * (Keys.length - found.length);
      return missing + sum(found.map((item) => units(billedBytes(item), isConsistent)));
    }),
  );
}

/** The names and the values of an item's attributes, in bytes; numbers and lists about. */
const billedBytes = (item: Values): number =>
  Object.entries(item).reduce((total, [name, attribute]) => {
    const { S, B } = Object(attribute);
    const isText = typeof S === 'string';
    const value = isText ? S : (B ?? JSON.stringify(attribute));
    return total + name.length + Buffer.byteLength(value, B === undefined ? 'utf8' : 'base64');
  }, 0);
