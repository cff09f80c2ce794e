import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOwnerResolver } from '../../../lib/mapping/owners.ts';

const directory = {
  users: [
    { id: 'user1', firstName: 'Marvin', lastName: 'Dupont', email: 'm.dupont@exemple.fr' },
    { id: 'user2', firstName: 'Zoé', lastName: 'Le Gall', email: 'zoe.legall@exemple.fr' },
    { id: 'user3', firstName: 'Jean', lastName: 'Martin', email: null },
    { id: 'user4', firstName: 'Léa', lastName: 'Roux', email: 'lroux@exemple.fr' },
    { id: '7', firstName: 'Paul', lastName: 'Petit', email: null },
  ],
  members: [
    { id: 'm1', alias: 'DUPONT Marvin' },
    { id: 'm2', alias: 'zoe.legall' },
    { id: 'm3', alias: 'Jean MARTIN' },
    { id: 'm3b', alias: 'Martin Jean' },
    { id: 'm4', alias: 'Anne-Sophie Noël' },
    { id: '7', alias: 'Quelqu’un d’autre' },
    { id: 'm5', alias: 'Paul Le Goff' },
    { id: 'm6', alias: "Marvin N'Guyen" },
  ],
  overrides: { user4: 'm4', 'Équipe Sud': 'm1', user9: 'gone' },
};
const found = (...memberIds: string[]) => ({ kind: 'found', memberIds });

describe('owners', () => {
  const resolve = createOwnerResolver(directory);

  it.each([
    ['a user id', 'user1', 'm1'],
    ['the e-mail address of a user', 'M.Dupont@exemple.fr', 'm1'],
    ['a full name', 'Marvin Dupont', 'm1'],
    ['a full name the other way round', 'DUPONT Marvin', 'm1'],
    ['a full name with a comma', 'Dupont, Marvin', 'm1'],
    ['a user whose address looks like the alias', 'user2', 'm2'],
    ['a name of a user whose address looks like the alias', 'le gall zoe', 'm2'],
    ['a member id', 'm3', 'm3'],
    ['an alias', 'zoe.legall', 'm2'],
    ['an alias without its accents and hyphens', 'anne sophie noel', 'm4'],
    ['an alias with a form of address', 'M. Paul Le Goff', 'm5'],
    ['an alias with another one', 'Monsieur LE GOFF Paul', 'm5'],
    ['an alias without its apostrophe', 'NGUYEN Marvin', 'm6'],
    ['an alias with a typographic one', 'Marvin N’Guyen', 'm6'],
    ['a user with an override', 'user4', 'm4'],
    ['the name of a user with an override', 'Léa Roux', 'm4'],
    ['a text with an override', 'Équipe Sud', 'm1'],
    ['an address of nobody in Clavus that looks like an alias', 'zoe.legall@autre.fr', 'm2'],
  ])('are found by %s', (_, value, memberId) => {
    expect(resolve(value)).toEqual(found(memberId));
  });

  it('are several for a list, each once', () => {
    expect(resolve(['user1', 'zoe.legall', ['DUPONT Marvin']])).toEqual(found('m1', 'm2'));
    expect(resolve('user1; user2')).toEqual(found('m1', 'm2'));
  });

  it('are none for an empty column', () => {
    expect([null, '', ' ', [], [null]].map(resolve)).toEqual([found(), found(), found(), found(), found()]);
  });

  it.each([
    ['nobody', 'Inconnu', 'Inconnu'],
    ['two members of the same name', 'user3', 'user3'],
    ['two members of the same name, by name', 'Jean Martin', 'Jean Martin'],
    ['a user whose id is by chance that of another member', '7', '7'],
    ['an override for who left the team', 'user9', 'user9'],
    ['one unknown person of two', ['user1', 'Inconnu'], 'Inconnu'],
  ])('are unknown for %s', (_, value, person) => {
    expect(resolve(value)).toEqual({
      kind: 'unknown',
      unmatched: [person],
      reason:
        'no one member of the Moovago team is this person: add an entry to owners.overrides, or set owners.fallback',
    });
  });

  it('are the fallback for nobody and for unknown people', () => {
    const withFallback = createOwnerResolver({ ...directory, fallback: 'm4' });
    expect(withFallback(null)).toEqual(found('m4'));
    expect(withFallback('Inconnu')).toEqual({ ...found('m4'), unmatched: ['Inconnu'] });
    expect(withFallback(['user1', 'Inconnu'])).toEqual({ ...found('m1', 'm4'), unmatched: ['Inconnu'] });
    expect(withFallback('user1')).toEqual(found('m1'));
  });

  it('stay unknown when the fallback left the team', () => {
    const resolveWithout = createOwnerResolver({ ...directory, fallback: 'gone' });
    expect(resolveWithout(null)).toEqual(found());
    expect(resolveWithout('Inconnu')).toEqual({
      kind: 'unknown',
      unmatched: ['Inconnu'],
      reason:
        'no one member of the Moovago team is this person, and neither is owners.fallback a member of it',
    });
  });

  it('are found in no text that merely looks odd', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '@')),
        (text) => {
          expect(['found', 'unknown']).toContain(resolve(text).kind);
        },
      ),
    );
    expect(resolve('__proto__').kind).toBe('unknown');
    expect(resolve('constructor').kind).toBe('unknown');
  });
});
