import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';

const program = createProgram(() => {});
const commands = [program, ...program.commands];

/** What `--help` prints on a terminal of 80 columns. */
function helpOf(command: (typeof commands)[number]): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 80,
  });
  command.outputHelp();
  return text;
}

describe.each(commands.map((command) => [command.name(), command] as const))('%s --help', (name, command) => {
  it('fits into 80 columns', () => {
    expect(
      helpOf(command)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('has an example with options that exist', () => {
    const [, examples = ''] = helpOf(command).split(/^Examples?:$/m);
    const lines = examples.trim().split('\n');
    const own = name === 'clavus-moovago' ? lines : lines.filter((line) => line.includes(` ${name}`));
    expect(own.length).toBeGreaterThan(0);
    const known = command.options.map(({ long }) => long);
    const used = own.flatMap((line) => line.match(/ --[a-z-]+/g) ?? []).map((option) => option.trim());
    if (name !== 'clavus-moovago') expect(used.filter((option) => !known.includes(option))).toEqual([]);
  });
});

it.each(['docs/commands.md', 'docs/commands.fr.md'])('%s has every command in its table', (file) => {
  const text = readFileSync(file, 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  for (const name of program.commands.map((command) => command.name()))
    expect(
      rows.some((row) => row.startsWith(`| \`${name}`)),
      name,
    ).toBe(true);
});

it.each([
  'README.md',
  'README.fr.md',
  ...['commands', 'commands.fr', 'how-it-works', 'how-it-works.fr', 'configure', 'operate', 'deploy'].map(
    (name) => `docs/${name}.md`,
  ),
])('%s names only commands and options that exist', (file) => {
  const text = readFileSync(file, 'utf8');
  for (const [call, name = '', rest = ''] of text.matchAll(/npx clavus-moovago ([a-z]+)([^\n`#|]*)/g)) {
    const command = program.commands.find((one) => one.name() === name);
    const known = command?.options.map(({ long }) => long) ?? [];
    const used = (rest.match(/ --[a-z-]+/g) ?? []).map((option) => option.trim());
    expect(command, call).toBeDefined();
    expect(
      used.filter((option) => !known.includes(option)),
      call,
    ).toEqual([]);
  }
});
