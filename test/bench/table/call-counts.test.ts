import { describe, expect, it } from 'vitest';
import { CallCounts, kindOf, unitsOf } from '../../../bench/table/call-counts.ts';

const key = { pk: { S: 'FOLDER#f1' }, sk: { S: 'ROW' } };

describe('what a call is about', () => {
  it.each([
    ['one item', { Key: key }, 'FOLDER'],
    ['an item that is written', { Item: { ...key, revision: { N: '1' } } }, 'FOLDER'],
    ['items that are read together', { RequestItems: { table: { Keys: [key, key] } } }, 'FOLDER'],
    [
      'items that are written together',
      { RequestItems: { table: [{ PutRequest: { Item: { ...key, pk: { S: 'F#3' } } } }] } },
      'F',
    ],
    ['a partition', { ExpressionAttributeValues: { ':pk': { S: 'M#a' } } }, 'M'],
    ['an index', { IndexName: 'due', ExpressionAttributeValues: { ':lane': { S: 'live' } } }, 'index due'],
    ['an item without a family', { Key: { pk: { S: 'PACE' }, sk: { S: 'moovago' } } }, 'PACE'],
    ['a table', { TableName: 'table' }, ''],
  ])('%s', (_, request, kind) => {
    expect(kindOf(request)).toBe(kind);
  });
});

describe('what a call cost', () => {
  it('is read units for what reads, and write units for what writes', () => {
    const answer = { ConsumedCapacity: { CapacityUnits: 2.5, TableName: 'table' } };
    expect(unitsOf('Query', answer)).toEqual({ readUnits: 2.5, writeUnits: 0 });
    expect(unitsOf('UpdateItem', answer)).toEqual({ readUnits: 0, writeUnits: 2.5 });
  });

  it('is the sum of what a batch names', () => {
    const answer = { ConsumedCapacity: [{ CapacityUnits: 12 }, { CapacityUnits: 13 }] };
    expect(unitsOf('BatchWriteItem', answer)).toEqual({ readUnits: 0, writeUnits: 25 });
  });

  it('is nothing where the answer says nothing', () => {
    expect(unitsOf('CreateTable', {})).toEqual({ readUnits: 0, writeUnits: 0 });
  });
});

describe('counts', () => {
  it('are by operation and kind, and begin anew once they were taken', () => {
    const counts = new CallCounts();
    counts.add({ operation: 'PutItem', kind: 'FOLDER', refused: 0, readUnits: 0, writeUnits: 1 });
    counts.add({ operation: 'PutItem', kind: 'FOLDER', refused: 1, readUnits: 0, writeUnits: 0 });
    counts.add({ operation: 'GetItem', kind: 'PACE', refused: 0, readUnits: 1, writeUnits: 0 });
    expect(counts.take()).toEqual([
      { operation: 'PutItem', kind: 'FOLDER', calls: 2, refused: 1, readUnits: 0, writeUnits: 1 },
      { operation: 'GetItem', kind: 'PACE', calls: 1, refused: 0, readUnits: 1, writeUnits: 0 },
    ]);
    expect(counts.take()).toEqual([]);
  });
});
