import { z } from 'zod';

/** What the calls of one operation on one kind of item came to. */
export const callCount = z.object({
  /** As DynamoDB names it: `Query`. */
  operation: z.string(),
  /** What it was about: the partition key up to its first `#`, or the name of an index. */
  kind: z.string(),
  calls: z.number(),
  /** Refused because the condition did not hold. */
  refused: z.number(),
  readUnits: z.number(),
  writeUnits: z.number(),
});
export type CallCount = z.infer<typeof callCount>;

const key = z.object({ pk: z.object({ S: z.string() }) });
const place = z.object({
  IndexName: z.string().optional(),
  Key: key.optional(),
  Item: key.optional(),
  ExpressionAttributeValues: z.record(z.string(), z.object({ S: z.string().optional() })).optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
});
const batchKeys = z.union([
  z.object({ Keys: z.array(key) }).transform(({ Keys }) => Keys[0]),
  z.array(z.object({ PutRequest: z.object({ Item: key }) })).transform(([first]) => first?.PutRequest.Item),
]);

/** The kind of item that a request is about: `FOLDER`, `F`, `PACE`, or an index. One kind a request, as the product does it. */
export function kindOf(request: unknown): string {
  const { IndexName, Key, Item, ExpressionAttributeValues = {}, RequestItems = {} } = place.parse(request);
  if (IndexName !== undefined) return `index ${IndexName}`;
  const [batch] = Object.values(RequestItems);
  const found =
    (Key ?? Item ?? batchKeys.safeParse(batch).data)?.pk.S ??
    Object.values(ExpressionAttributeValues).find(({ S }) => S !== undefined)?.S ??
    '';
  return found.split('#', 1)[0] ?? '';
}

const consumed = z.object({ CapacityUnits: z.number() });
const answered = z.object({
  ConsumedCapacity: z.union([consumed.transform((one) => [one]), z.array(consumed)]).default([]),
});

const writing = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** What an answer says that it cost. */
export function unitsOf(operation: string, answer: unknown): { readUnits: number; writeUnits: number } {
  const { ConsumedCapacity } = answered.parse(answer);
  const units = ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return writing.has(operation) ? { readUnits: 0, writeUnits: units } : { readUnits: units, writeUnits: 0 };
}

/** Adds calls up by operation and kind of item. */
export class CallCounts {
  #counts = new Map<string, CallCount>();

  add({ operation, kind, ...call }: Omit<CallCount, 'calls'>): void {
    const name = `${operation} ${kind}`;
    const before = this.#counts.get(name) ?? {
      operation,
      kind,
      calls: 0,
      refused: 0,
      readUnits: 0,
      writeUnits: 0,
    };
    this.#counts.set(name, {
      operation,
      kind,
      calls: before.calls + 1,
      refused: before.refused + call.refused,
      readUnits: before.readUnits + call.readUnits,
      writeUnits: before.writeUnits + call.writeUnits,
    });
  }

  /** Everything since the last time that it was asked for. */
  take(): CallCount[] {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    return counts;
  }
}
