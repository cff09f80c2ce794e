import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { ConfigurationError } from '../framework/errors.ts';
import { getItem, putItem, type Table } from './table.ts';

const Key = { pk: 'DIRECTORY', sk: 'moovago-schema' };
/** An item can hold 400 kB. */
const bytesMax = 350_000;
/** Far more than any schema, so that a manipulated item cannot fill the memory. */
const textMax = 20_000_000;

const item = z.object({ content: z.instanceof(Uint8Array) });

/** Moovago's schema, as the operator downloaded it: compressed, in one item. */
export function createMoovagoSchemaStore(table: Table) {
  async function read(): Promise<string | undefined> {
    const found = await getItem(table, Key);
    if (found === undefined) return undefined;
    return gunzipSync(item.parse(found).content, { maxOutputLength: textMax }).toString('utf8');
  }

  /** @throws ConfigurationError if the text does not fit into an item */
  async function save(text: string): Promise<void> {
    const content = gzipSync(text);
    if (content.byteLength > bytesMax)
      throw new ConfigurationError("Moovago's schema", 'is too large to be kept for the daily check.');
    await putItem(table, { ...Key, content });
  }

  return { read, save };
}
