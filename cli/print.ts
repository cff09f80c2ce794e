/** Prints the answer of a command: for a person, or as one JSON object on the last line of standard output. */
export function print({ json = false }: { json?: boolean }, answer: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${lines.join('\n')}\n`);
}
