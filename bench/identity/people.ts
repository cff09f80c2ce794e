import type { Random } from './random.ts';

const syllables =
  'bar be chou dal du fon gal gué jol lan lé mar mi mon nau no pel pi ra ré rou sal si tan té tou val vé vil zan'.split(
    ' ',
  );

/** A made-up word that no other number has. */
function word(number: number): string {
  let rest = number;
  let text = '';
  for (let length = 0; length < 2 || rest > 0; length++) {
    text += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  }
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A quarter of all people each have a name of one of these classes, from the common to the rare ones. */
const surnameClasses = [1000, 6000, 40_000, 800_000] as const;

function surname(random: Random): string {
  const of = random.below(surnameClasses.length);
  const before = surnameClasses.slice(0, of).reduce((sum, count) => sum + count, 0);
  const own = word(before + random.below(surnameClasses[of] ?? 1));
  if (random.hits(0.04)) return `Le ${own}`;
  if (random.hits(0.02)) return `N'${own}`;
  return random.hits(0.03) ? `${own}-${word(random.below(1000))}` : own;
}

/** One of 150; thirty of them are surnames too, as Martin is, and one in eight has a hyphen. */
function firstName(random: Random): string {
  const number = random.ranked(150);
  if (number % 5 === 4) return word(number);
  return number % 8 === 3
    ? `${word(1_000_000 + number)}-${word(1_000_150 + number)}`
    : word(1_000_000 + number);
}

const legalForms = ['SARL', 'SAS', 'SASU', 'EURL', 'EARL', 'SCI', 'GAEC', 'Ets'] as const;
const trades = [
  'Énergie',
  'Habitat',
  '& Fils',
  'Bâtiment',
  'Menuiserie',
  'Électricité',
  'Immobilier',
  '',
] as const;

export type Named = { surname: string; firstName?: string; legalForm?: string; trade?: string };

export const person = (random: Random): Named => ({ surname: surname(random), firstName: firstName(random) });
export const firm = (random: Random): Named => ({
  surname: surname(random),
  legalForm: random.pick(legalForms),
  trade: random.pick(trades),
});

/** As the office writes it. */
export function officialName({ surname: last, firstName: first, legalForm, trade }: Named): string {
  return (legalForm === undefined ? [last, first] : [legalForm, last, trade]).filter(Boolean).join(' ');
}

const unaccented = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '');

/** As a rep, or somebody else in the office, writes it. */
export function otherName(named: Named, random: Random): string {
  const { surname: last, firstName: first, legalForm, trade } = named;
  if (legalForm !== undefined) {
    const dotted = random.hits(0.15) ? legalForm.split('').join('.') : legalForm;
    const whole = [last, trade].filter(Boolean).join(' ');
    const text = random.pick([`${dotted} ${whole}`, `${whole} ${legalForm}`, whole]);
    return random.hits(0.4) ? unaccented(text).toUpperCase() : text.replace('&', random.pick(['&', 'et']));
  }
  const joined = random.hits(0.2) ? last.replace(/^Le /, 'Le').replaceAll("'", '') : last;
  const family = random.hits(0.4) ? unaccented(joined).toUpperCase() : joined;
  const given = first === undefined ? '' : random.hits(0.2) ? first.replaceAll('-', ' ') : first;
  const inOrder = random.pick([`${given} ${family}`, `${family} ${given}`]).trim();
  return random.pick([inOrder, inOrder, inOrder, `M. ${inOrder}`, `Mme ${inOrder}`, `M. et Mme ${inOrder}`]);
}
