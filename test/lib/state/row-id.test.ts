import { describe, expect, it } from 'vitest';
import { childRowId, readRowId, rowIdOf, rowKey } from '../../../lib/state/row-id.ts';

describe('the id of a row', () => {
  it.each([
    ['abc123', { entity: 'company', folderId: 'abc123' }, { pk: 'FOLDER#abc123', sk: 'ROW' }],
    ['contact', { entity: 'company', folderId: 'contact' }, { pk: 'FOLDER#contact', sk: 'ROW' }],
    ['contact~abc123', { entity: 'contact', folderId: 'abc123' }, { pk: 'FOLDER#abc123', sk: 'ROW#contact' }],
    ['turnover~a~b', { entity: 'turnover', folderId: 'a~b' }, { pk: 'FOLDER#a~b', sk: 'ROW#turnover' }],
  ])('%s names its record and its place in the table', (rowId, name, key) => {
    expect(readRowId(rowId)).toEqual(name);
    expect(rowKey(rowId)).toEqual(key);
    expect(rowIdOf(key)).toBe(rowId);
  });

  it('of a contact is made of its folder’s', () => {
    expect(childRowId('contact', 'abc123')).toBe('contact~abc123');
  });
});
