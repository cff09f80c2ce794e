import { describe, expect, it } from 'vitest';
import {
  documentTable,
  type Meaning,
  meaningOf,
  recordVerdict,
  type Shape,
  shapeOf,
} from '../../../lib/framework/answer-judgement.ts';
import { readGraphqlErrors } from '../../../lib/framework/graphql-errors.ts';

const errorOf = (error: object) => {
  const [read] = readGraphqlErrors([error], []) ?? [];
  if (read === undefined) throw new Error('no error');
  return read;
};

describe('what an error is about', () => {
  it.each<[Meaning, object]>([
    ['throttled', { message: 'no', extensions: { code: 'THROTTLED' } }],
    ['throttled', { message: 'Rate limit exceeded, retry later', errorType: 'ThrottlingException' }],
    ['throttled', { message: 'Too Many Requests' }],
    ['throttled', { message: 'API rate limit exceeded for 10.0.0.1' }],
    ['key', { message: 'no', extensions: { code: 'FORBIDDEN' } }],
    ['key', { message: 'You are not authorized to access this data', errorType: 'DataFetchingException' }],
    ['trouble', { message: 'An error occurred', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    ['trouble', { message: 'Internal Server Error(s) while executing query' }],
    ['trouble', { message: 'Query timed out' }],
    ['trouble', { message: 'Deadlock found when trying to get lock; try restarting transaction' }],
    ['trouble', { message: 'invalid input', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    ['refused', { message: 'no', extensions: { classification: 'ValidationError' } }],
    ['refused', { message: 'Exception while fetching data (/w0/create) : email must be valid' }],
    ['refused', { message: 'Le numéro de téléphone est invalide' }],
    ['unsaid', { message: 'Company already archived', errorType: 'DataFetchingException' }],
    ['unsaid', {}],
  ])('%s: %o', (meaning, error) => {
    expect(meaningOf(errorOf(error))).toBe(meaning);
  });
});

describe('an answer without results', () => {
  const bad = { message: 'bad', extensions: { code: 'BAD_USER_INPUT' } };
  const rows: [Shape, number, unknown, object[]][] = [
    ['status', 400, undefined, [{ message: 'validation failed' }]],
    ['request', 200, undefined, [{ message: 'Cannot query field "x" on type "Y".' }]],
    // Whatever is said: others may have been applied before, and a code may have lost its path.
    ['null', 200, null, [bad]],
    ['null', 400, null, [bad]],
    ['null', 200, null, [{ message: 'validation failed: email' }]],
    ['null', 200, null, [{ ...bad, path: ['w3', 'create'] }]],
    ['null', 200, undefined, [{ ...bad, path: ['w3', 'create'] }]],
    ['null', 200, null, [bad, { message: 'and this' }]],
    ['null', 400, null, [{ message: 'You are not authorized' }]],
    // A proxy may have passed the request on.
    ['null', 409, undefined, [{ message: 'validation failed' }]],
  ];

  it.each(rows)('is a %s: HTTP %i, data %o, %o', (shape, status, data, errors) => {
    expect(shapeOf(status, data, errors.map(errorOf))).toBe(shape);
  });

  it('proves that nothing was applied by its shape alone', () => {
    expect(documentTable).toEqual({
      status: { throttled: 'no', key: 'no', trouble: 'no', refused: 'no', unsaid: 'no' },
      request: { throttled: 'no', key: 'no', trouble: 'unknown', refused: 'no', unsaid: 'no' },
      null: {
        throttled: 'unknown',
        key: 'unknown',
        trouble: 'unknown',
        refused: 'unknown',
        unsaid: 'unknown',
      },
    });
  });
});

describe("an error on a record's own path", () => {
  it.each([
    ['rejected', { message: 'bad phone' }],
    ['rejected', { message: 'bad phone', extensions: { code: 'BAD_USER_INPUT' } }],
    ['rejected', { message: 'You are not authorized to change this company' }],
    ['throttled', { message: 'Rate limit exceeded', errorType: 'ThrottlingException' }],
    ['throttled', { message: 'Rate limit exceeded' }],
    ['unknown', { message: 'Internal error' }],
    ['unknown', { message: 'bad phone', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  ])('says %s: %o', (verdict, error) => {
    expect(recordVerdict(errorOf(error))).toBe(verdict);
  });
});
