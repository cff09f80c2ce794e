/** Control characters, and invisible ones that move, turn or hide text on a terminal. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text with names and values of other systems, as a terminal may show it. Line breaks stay where they are meant. */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => (character === '\n' ? '\n' : ' '));

const oneLine = (text: string): string => printable(text).replaceAll('\n', ' ');

/** JSON leaves some of these characters as they are. */
const escaped = (json: string): string =>
  json.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Prints the answer of a command: for a person, or as one JSON object on the last line of standard output. */
export function print({ json = false }: { json?: boolean }, answer: object, lines: readonly string[]): void {
  const text = json ? escaped(JSON.stringify(answer)) : lines.map(oneLine).join('\n');
  process.stdout.write(`${text}\n`);
}

/** Says something beside the answer, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Says lines beside the answer. None of them makes another one, whatever a value of it holds. */
export const sayLines = (lines: readonly string[]): void => say(lines.map(oneLine).join('\n'));
