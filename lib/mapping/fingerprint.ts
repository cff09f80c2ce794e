import { hash } from 'node:crypto';
import type { MappedChild } from './map-children.ts';
import { type MappedFolder, mappedPart } from './map-folder.ts';
import { normalize } from './normalize.ts';

/** Increase it with every change to what is hashed. All folders are then compared again, and none is sent because of it. */
const FINGERPRINT_VERSION = 1;

const canonical = (value: string | string[]) =>
  typeof value === 'string' ? normalize(value, 'NFC') : value.map((item) => normalize(item, 'NFC')).sort();

type Content = Readonly<Record<string, string | string[] | undefined>>;

const entriesOf = (content: Content) =>
  Object.entries(content)
    .flatMap(([key, value]) => (value === undefined ? [] : [[key, canonical(value)] as const]))
    .sort(([one], [other]) => (one < other ? -1 : 1));

function contentOf(mapped: MappedFolder | MappedChild): Content {
  if (mapped.kind === 'blank') return {};
  if (mapped.kind === 'mapped') return mapped.record;
  const { field, reason } = mapped;
  return { ...('withoutOwner' in mapped ? mapped.withoutOwner?.record : {}), field, reason };
}

/**
 * Eight bytes that change with the mapped folder and with what belongs to its company. A poll compares these instead of
 * the folders. The order of keys and of owners does not count. JSON escapes lone surrogates, so they stay distinct.
 */
export function fingerprint(mapped: MappedFolder): Uint8Array {
  const children = mappedPart(mapped)?.children ?? [];
  const belongings = children.map((child) => [child.child, child.kind, entriesOf(contentOf(child))]);
  const content = [FINGERPRINT_VERSION, mapped.kind, entriesOf(contentOf(mapped))];
  const json = JSON.stringify(belongings.length > 0 ? [...content, belongings] : content);
  return new Uint8Array(hash('sha256', json, 'buffer').subarray(0, 8));
}
