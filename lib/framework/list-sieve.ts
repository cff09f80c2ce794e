import { countsAsValue, depthMax, isClosing, isOpening, parseJson, valuesMax } from './json-answer.ts';

/** An entry of so many characters is no record. */
const entryCharsMax = 20_000_000;
/** More than any key of a path. */
const keyCharsMax = 200;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList] = [0x5b, 0x5d];
const isStructure = (character: number) =>
  isOpening(character) || isClosing(character) || character === comma || character === colon;

/** No JSON has it behind the bracket of a list: with it, what is left cannot be parsed. */
const refusal = ',';

/**
 * Takes the entries of the list at a path out of a JSON text that comes in pieces, so that neither the text nor the list
 * is in memory as a whole. What is left has an empty list in its place, and is judged like any other answer. If an entry
 * is not JSON, or nested too deep, what is left is not JSON either.
 */
export class ListSieve {
  /** The keys that lead to the list, as JSON has them. */
  readonly #path: readonly string[];
  readonly #take: (entry: unknown) => void;
  /** The piece that is being read, how far it is dealt with, and what is left of it. */
  #text = '';
  #dealt = 0;
  #left = '';
  #inString = false;
  #isEscaped = false;
  /** Open brackets, in all. */
  #depth = 0;
  /** The key whose value is being read, by depth. */
  readonly #keys: (string | undefined)[] = [];
  /** What stood since the last bracket, comma or colon: perhaps a key, or a part of it. Outside of the list. */
  #token = '';
  #state: 'before' | 'inside' | 'behind' = 'before';
  #entries = 0;
  /** What earlier pieces had of the entry that is being read. */
  #entry = '';
  #isRefused = false;
  /** Values of the entry that is being read. */
  #values = 0;
  #hasTooMany = false;

  /** @param path the keys that lead to the list, from the outermost object */
  constructor(path: readonly string[], take: (entry: unknown) => void) {
    this.#path = path.map((key) => JSON.stringify(key));
    this.#take = take;
  }

  /** More than a million entries, or values in one of them. */
  get hasTooMany(): boolean {
    return this.#hasTooMany;
  }

  /** @returns the next piece without the entries of the list */
  push(text: string): string {
    this.#text = text;
    this.#dealt = 0;
    this.#left = '';
    let behind = 0;
    for (let at = this.#find(0); at < text.length; at = this.#find(behind)) {
      const character = text.charCodeAt(at);
      if (this.#state === 'inside') this.#readInside(character, at);
      else this.#readOutside(character, at, this.#token + text.slice(behind, at));
      this.#token = '';
      behind = at + 1;
    }
    if (this.#state === 'inside') this.#keepEntry();
    else {
      this.#left += text.slice(this.#dealt);
      this.#token = (this.#token + text.slice(behind)).slice(0, keyCharsMax);
    }
    return this.#left;
  }

  /** The next bracket, comma or colon outside of a string, or the end of the piece. */
  #find(from: number): number {
    const text = this.#text;
    let at = from;
    for (; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (this.#inString) this.#readString(character);
      else if (character === quote) this.#inString = true;
      else if (isStructure(character)) break;
    }
    return at;
  }

  #readString(character: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === backslash) this.#isEscaped = true;
    else if (character === quote) this.#inString = false;
  }

  #readOutside(character: number, at: number, token: string): void {
    if (character === colon) this.#keys[this.#depth] = token.trim();
    if (character === openList && this.#isAtList()) this.#begin(at);
    if (isOpening(character)) this.#keys[++this.#depth] = undefined;
    if (isClosing(character)) this.#depth--;
  }

  #isAtList(): boolean {
    return (
      this.#depth === this.#path.length && this.#path.every((key, level) => this.#keys[level + 1] === key)
    );
  }

  #begin(at: number): void {
    this.#left += this.#text.slice(this.#dealt, at + 1);
    this.#dealt = at + 1;
    // Which of two lists of one name counts is not certain.
    if (this.#state === 'behind') this.#refuse();
    this.#state = 'inside';
  }

  #readInside(character: number, at: number): void {
    if (countsAsValue(character) && ++this.#values > valuesMax) this.#refuseNumber();
    if (isOpening(character) && ++this.#depth > depthMax) this.#refuse();
    if (isClosing(character)) this.#depth--;
    const isEnd = this.#depth === this.#path.length;
    if (!isEnd && (character !== comma || this.#depth > this.#path.length + 1)) return;
    this.#endEntry(this.#entry + this.#text.slice(this.#dealt, at), isEnd);
    this.#entry = '';
    this.#values = 0;
    this.#dealt = isEnd ? at : at + 1;
    if (!isEnd) return;
    this.#state = 'behind';
    if (character !== closeList) this.#refuse();
  }

  #endEntry(text: string, isLast: boolean): void {
    if (this.#isRefused || (isLast && this.#entries === 0 && text.trim() === '')) return;
    const entry = parseJson(text);
    if (entry === undefined) {
      this.#refuse();
      return;
    }
    if (++this.#entries > valuesMax) this.#refuseNumber();
    else this.#take(entry);
  }

  #keepEntry(): void {
    if (this.#isRefused) return;
    this.#entry += this.#text.slice(this.#dealt);
    if (this.#entry.length > entryCharsMax) this.#refuse();
  }

  #refuseNumber(): void {
    this.#hasTooMany = true;
    this.#refuse();
  }

  #refuse(): void {
    if (!this.#isRefused) this.#left += refusal;
    this.#isRefused = true;
    this.#entry = '';
  }
}
