import { describe, expect, it } from 'vitest';
import { contradictoryFirst, matchWords } from '../../cli/match-words.ts';

describe('why a folder has its company', () => {
  it.each([
    [
      { by: 'email', witness: 'street', agree: ['street', 'email'], differ: [] },
      'the same e-mail, and the same street',
    ],
    [
      { by: 'name+postalCode', witness: 'phone', agree: ['name', 'phone'], differ: ['street', 'email'] },
      'the same name and postal code, and the same telephone, but another street and e-mail',
    ],
    [{ by: 'phone', agree: ['phone'], differ: ['name'] }, 'the same telephone, but another name'],
    [{ by: 'marker', agree: [], differ: [] }, "the connector's own line in its note"],
  ])('is said in words: %o', (match, words) => {
    expect(matchWords(match)).toBe(words);
  });

  it('is shown first where names differ, then where more differs', () => {
    const entries = [{ differ: [] }, { differ: ['street', 'email'] }, { differ: ['name'] }];
    expect(contradictoryFirst(entries)).toEqual([
      { differ: ['name'] },
      { differ: ['street', 'email'] },
      { differ: [] },
    ]);
  });
});
