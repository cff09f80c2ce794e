import { describe, expect, it } from 'vitest';
import { searchMatcher } from '../../../local/simulators/folder-search.ts';

describe('searchMatcher', () => {
  it.each([
    ['"Octavia Butler"', 'Octavia Butler', true],
    ['"octavia BUTLER"', 'Mme Octavia Butler (Paris)', true],
    ['"Butler Octavia"', 'Octavia Butler', false],
    ['"Octavia Butler"', 'Octavia Estelle Butler', false],
    ['"Octavia-Butler"', 'octavia, butler', true],
    ['"Octavia Butler"', 'Octavia:Butler', true],
    ['"Octavia.Butler"', 'Butler Octavia', true],
    ['"Octavia" "Butler"', 'Butler Octavia', true],
    ['"Octavia.Butler"', 'Octavia', false],
    ['"Octavia Butler"', 'Octavia. Butler', false],
    ['"Octavia" but', 'Butler Octavia', true],
    ['"Octavia" but', 'Octavia', false],
    ['lefe', 'Éloïse LEFÈVRE', true],
    ['fevre', 'Éloïse LEFÈVRE', false],
    ['boeuf', 'François Bœuf', true],
    ['""', 'Anybody', true],
  ])('%s in %s: %s', (search, name, expected) => {
    expect(searchMatcher(search)(name)).toBe(expected);
  });
});
