import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { textTransforms } from '../../../lib/mapping/field-rule.ts';
import { fieldText } from '../../../lib/mapping/field-text.ts';
import type { RecordText } from '../../../lib/moovago/entities/record.ts';

/** A line is a kind, what an office typed, the right value, and what else it depends on. */
const line = z
  .tuple([z.enum([...textTransforms, 'note']), z.string(), z.string()])
  .rest(z.object({ postalCode: z.string() }));
const corpus = z
  .array(line)
  .parse(JSON.parse(readFileSync(new URL('../../corpus/values.json', import.meta.url), 'utf8')));

const read = (kind: (typeof corpus)[number][0], written: string, postalCode?: string) => {
  const field: RecordText = kind === 'note' ? 'note' : 'name';
  const as = kind === 'note' ? 'text' : kind;
  return fieldText(
    { kind: 'from', from: ['column'], as },
    { folderId: 'f1', field, read: () => written, postalCode },
  );
};

it.each(corpus)('%s: %j is %j', (kind, written, right, more) => {
  expect(read(kind, written, more?.postalCode)).toEqual({ text: right });
});

it.each(corpus)('%s: of %j, %j stays as it is when it is read once more', (kind, _, right, more) => {
  expect(read(kind, right, more?.postalCode)).toEqual({ text: right });
});
