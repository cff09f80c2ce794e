import { fold } from './fold.ts';

/** Words of a name that tell nothing about whose it is: civilities, legal forms, and "et". */
const dropped = new Set(
  [
    [
      'm',
      'mm',
      'mr',
      'mme',
      'mlle',
      'melle',
      'monsieur',
      'madame',
      'mademoiselle',
      'messieurs',
      'mesdames',
      'et',
    ],
    [
      'sarl',
      'sas',
      'sasu',
      'eurl',
      'earl',
      'sci',
      'sa',
      'gaec',
      'ets',
      'etablissements',
      'snc',
      'scea',
      'eirl',
    ],
  ].flat(),
);

/** They belong to the word that follows: "Le Goff" is "LeGoff", "N Guyen" is "N'Guyen". */
const particles = new Set(['le', 'la', 'les', 'de', 'du', 'des', 'van', 'von', 'd', 'l', 'n', 'o']);

/** Accents do not count, so only the letter of an entity does: `&eacute;`. */
const decoded = (text: string) =>
  text
    .replace(/&([a-z])(?:acute|grave|circ|uml|cedil|tilde);/gi, '$1')
    .replace(/&(?:#0?39|apos|rsquo);/g, "'")
    .replaceAll('&nbsp;', ' ')
    .replace(/&(?:amp;)?/g, ' et ');

function words(text: string): string[] {
  const found = text
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    // Spelt letters: "S A R L".
    .replace(/(?<![\p{L}\p{N}])\p{L}(?: \p{L}(?![\p{L}\p{N}]))+/gu, (letters) => letters.replaceAll(' ', ''))
    .split(' ')
    .filter((word) => word !== '');
  const telling = found.filter((word) => !dropped.has(word));
  const joined: string[] = [];
  let before = '';
  for (const [index, word] of telling.entries()) {
    if (particles.has(word) && index + 1 < telling.length) before += word;
    else {
      joined.push(before + word);
      before = '';
    }
  }
  // An initial tells nothing: "J. Dupont".
  const long = joined.filter((word) => word.length > 1 || /\d/.test(word));
  return long.length > 0 ? long : found;
}

/**
 * The words by which a name of a person or a firm is recognised, in alphabetical order. Where there is a hyphen, they are
 * given twice: parts apart, and joined.
 */
export function nameWords(name: string): [string[], ...string[][]] {
  const text = fold(decoded(name)).replace(/[\u0027\u2019\u02BC\u0060\u00B4]/g, '');
  const apart = [...new Set(words(text))].sort();
  const joined = [...new Set(words(text.replace(/(?<=\p{L}) ?[-\u2010-\u2013] ?(?=\p{L})/gu, '')))].sort();
  return joined.join(' ') === apart.join(' ') ? [apart] : [apart, joined];
}
