import { hash } from 'node:crypto';
import type { CompanyRecord } from '../moovago/company.ts';
import { withoutGoneSuffix } from './gone-suffix.ts';
import type { Matching } from './match-keys.ts';
import { nameWords } from './name-words.ts';
import { tellingEmail, tellingPhone } from './no-value.ts';
import { postalCode } from './postal-code.ts';
import { street, town } from './street.ts';

/**
 * What a second field can tell about a record, as one short text of hashes, salted per stage: words of the name, words with
 * hyphens joined, house and street, street, postal code, town, e-mail, telephone. Blank where there is nothing to compare.
 */
export type Witness = string;

/** That of a company of which Moovago cannot show a field: it may agree with any folder, or contradict it. */
export const unknownWitness: Witness = '?';

/** By what two records are compared. */
type WitnessField = 'name' | 'street' | 'email' | 'phone';

export type Verdict = {
  is: 'agrees' | 'contradicts' | 'open' | 'unknown';
  agree: WitnessField[];
  differ: WitnessField[];
  /** The field beside the key that decided. */
  witness?: WitnessField;
};

/** 36 bits: two words of a tenant are never taken for each other, and no list of names can be read from them. */
const tokenLength = 6;

/** The witness of a mapped folder, or of Moovago's company. */
export function witnessOf(record: CompanyRecord, { matchIgnore, stage }: Matching): Witness {
  const token = (kind: string, value: string) =>
    value === '' ? '' : hash('sha256', `${stage}:${kind}:${value}`, 'base64url').slice(0, tokenLength);
  const [apart, joined = []] = nameWords(withoutGoneSuffix(record.name ?? ''));
  const { number, word } = street(record.address ?? '');
  return [
    apart.map((one) => token('word', one)).join('.'),
    joined.map((one) => token('word', one)).join('.'),
    token('house', number === '' || word === '' ? '' : `${number} ${word}`),
    token('street', word),
    token('postalCode', postalCode(record.postalCode ?? '')),
    token('town', town(record.city ?? '')),
    token('email', tellingEmail(record.email ?? '', matchIgnore)),
    token('phone', tellingPhone(record.phone ?? '', record.postalCode, matchIgnore)),
  ].join('|');
}

function tokensOf(witness: Witness) {
  const [apart = '', joined = '', house = '', word = '', code = '', place = '', mail = '', number = ''] =
    witness.split('|');
  const names = [apart, joined].filter((words) => words !== '').map((words) => words.split('.'));
  return { names, house, word, code, place, email: mail, phone: number };
}
type Tokens = ReturnType<typeof tokensOf>;

type Compared = 'agree' | 'differ' | undefined;

/**
 * `agree`: all words of one name are in the other. `surname`: so they are, but one word only. `differ`: no word is.
 * `partly`: some are, and each has others. A first name or a trade in common tells nothing.
 */
function compareNames({ names: ones }: Tokens, { names: others }: Tokens): Compared | 'surname' | 'partly' {
  if (ones.length === 0 || others.length === 0) return undefined;
  const pairs = ones.flatMap((one) =>
    others.map((other) => {
      const common = one.filter((word) => other.includes(word)).length;
      return { common, isWhole: common === Math.min(one.length, other.length) };
    }),
  );
  if (pairs.every(({ common }) => common === 0)) return 'differ';
  const whole = pairs.filter(({ isWhole }) => isWhole);
  if (whole.length === 0) return 'partly';
  return whole.every(({ common }) => common > 1) ? 'agree' : 'surname';
}

/** In another town, no street is the same. Without a house number, none agrees. */
function compareStreets(one: Tokens, other: Tokens): Compared {
  const areas = [compareTexts(one.code, other.code), compareTexts(one.place, other.place)];
  const isSameArea = areas.includes('agree');
  if (!isSameArea && areas.includes('differ')) return 'differ';
  if (compareTexts(one.word, other.word) === 'differ') return 'differ';
  const houses = compareTexts(one.house, other.house);
  return houses === 'agree' && !isSameArea ? undefined : houses;
}

function compareTexts(one: string, other: string): Compared {
  if (one === '' || other === '') return undefined;
  return one === other ? 'agree' : 'differ';
}

/**
 * Whether two records that share a key are one customer. A field of the key itself is no witness for it.
 * - `contradicts`: the names have nothing in common, and they live elsewhere; or they share a surname alone, and live
 *   elsewhere.
 * - `open`: nothing to compare, or it does not say enough: a person decides. So it is where names have nothing in common in
 *   one house, and where only the full name is equal (father and son).
 * - `unknown`: one of them cannot be read.
 * @param fields of the key that proposes the two, e.g. `['name', 'postalCode']`
 * @param shared fields of which nothing is heard, because others have the value too
 */
export function compareWitnesses(
  one: Witness,
  other: Witness,
  fields: readonly string[],
  shared: readonly string[] = [],
): Verdict {
  if (one === unknownWitness || other === unknownWitness) return { is: 'unknown', agree: [], differ: [] };
  const [ours, theirs] = [tokensOf(one), tokensOf(other)];
  const names = compareNames(ours, theirs);
  const compared = {
    name: names === 'surname' ? 'agree' : names,
    street: compareStreets(ours, theirs),
    email: shared.includes('email') ? undefined : compareTexts(ours.email, theirs.email),
    phone: shared.includes('phone') ? undefined : compareTexts(ours.phone, theirs.phone),
  };
  const order = ['name', 'street', 'email', 'phone'] as const;
  const agree = order.filter((field) => compared[field] === 'agree');
  const differ = order.filter((field) => compared[field] === 'differ');
  if (names === 'differ') return { is: compared.street === 'differ' ? 'contradicts' : 'open', agree, differ };
  // One house, one full name, but another telephone and e-mail: father and son.
  const isTold = (field: WitnessField) => {
    if (field === 'name')
      return !fields.includes('name') && (names === 'agree' || !differ.includes('street'));
    if (field === 'street')
      return !fields.includes('address') && !(differ.includes('email') && differ.includes('phone'));
    return !fields.includes(field);
  };
  const witness = agree.find(isTold);
  if (witness !== undefined) return { is: 'agrees', agree, differ, witness };
  const isSurnameElsewhere = names === 'surname' && fields.includes('name') && compared.street === 'differ';
  return { is: isSurnameElsewhere ? 'contradicts' : 'open', agree, differ };
}
