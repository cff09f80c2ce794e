/** An item as the fingerprints have it: two keys and a few bytes. `h` is Base64, as it travels. */
export type SmallItem = { pk: string; sk: string; h: string };

const bytesOf = (base64: string) => Buffer.byteLength(base64, 'base64');

/** What DynamoDB bills an item for: the names and the values of its attributes, in bytes. */
export const billedBytes = ({ pk, sk, h }: SmallItem): number =>
  'pk'.length + pk.length + 'sk'.length + sk.length + 'h'.length + bytesOf(h);

/** A page of a query ends with the item that brings the sum of {@link pageBytes} to this. */
export const pageBytesMax = 1024 * 1024;

/**
 * What an item takes of a page: the name of an attribute counts one byte, its value a byte more than it has, and every item
 * has some bytes of its own around it for every 3 kB. DynamoDB does not document it; dynalite's authors found it out by
 * experiment.
 */
export function pageBytes({ pk, sk, h }: SmallItem): number {
  const attributes = pk.length + 2 + bytesOf(h) + 2;
  return 2 + attributes + (1 + Math.floor((1 + attributes) / 3072)) * (18 + sk.length);
}

/** Read units of an eventually consistent read of so many bytes. */
export const readUnits = (bytes: number): number => Math.ceil(bytes / 4096) / 2;
