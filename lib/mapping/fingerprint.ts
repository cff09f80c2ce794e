import { hash } from 'node:crypto';
import type { MappedFolder } from './map-folder.ts';

/** To be raised with every change to what is hashed: all folders are then compared anew, and none is sent for it. */
const FINGERPRINT_VERSION = 1;

const canonical = (value: string | string[]) =>
  typeof value === 'string' ? value.normalize('NFC') : value.map((item) => item.normalize('NFC')).sort();

/**
 * Eight bytes that differ when the mapped folder does: what a poll compares instead of the folders themselves.
 * The order of keys and of owners does not count. JSON escapes lone surrogates, so they stay apart.
 */
export function fingerprint(mapped: MappedFolder): Uint8Array {
  const content = mapped.kind === 'mapped' ? mapped.record : { field: mapped.field, reason: mapped.reason };
  const entries = Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, canonical(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const json = JSON.stringify([FINGERPRINT_VERSION, mapped.kind, entries]);
  return new Uint8Array(hash('sha256', json, 'buffer').subarray(0, 8));
}
