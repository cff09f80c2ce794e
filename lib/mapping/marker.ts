import { hash } from 'node:crypto';

const pattern = /\[clavus-moovago:([\w.-]*):([\w.-]*):([0-9a-f]{6})\]/g;

/** The folder and the stage for which a company was made. */
export type Marked = { stage: string; folderId: string };

/** Letters, digits, - and _ stay; every other UTF-16 unit becomes a dot and its four hexadecimal digits. */
const encode = (text: string) =>
  text.replace(/[^A-Za-z0-9_-]/g, (unit) => `.${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const decode = (text: string) =>
  text.replace(/\.([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Detects a marker that a person edited: it must not count as another folder's. */
const checkCode = (stage: string, folderId: string) =>
  hash('sha256', `${encode(stage)}:${encode(folderId)}`).slice(0, 6);

/**
 * The text in a note that marks a company as a folder's: `[clavus-moovago:prod:abc123:1f3a9c]`. The same on every
 * attempt, on one line, delimited on both sides, without personal data.
 */
export const markerFor = (stage: string, folderId: string): string =>
  `[clavus-moovago:${encode(stage)}:${encode(folderId)}:${checkCode(stage, folderId)}]`;

/** The folder that a note names, anywhere in it. Of several markers the last one counts: ours is the note's last line. */
export function findMarker(note: string): Marked | undefined {
  for (const [, stage = '', folderId = '', code] of [...note.matchAll(pattern)].reverse()) {
    const marked = { stage: decode(stage), folderId: decode(folderId) };
    if (checkCode(marked.stage, marked.folderId) === code) return marked;
  }
  return undefined;
}

/** The note with the marker as its last line. Markers that a person copied into the text are removed. */
export function withMarker(note: string, marker: string): string {
  const text = note.replace(pattern, '').trim();
  return text === '' ? marker : `${text}\n${marker}`;
}

/** Whether the note holds a marker and nothing else. */
export const isMarkerAlone = (note: string): boolean =>
  findMarker(note) !== undefined && note.replace(pattern, '').trim() === '';
