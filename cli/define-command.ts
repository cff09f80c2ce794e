import { Command, InvalidArgumentError } from 'commander';

/** Takes the exit status of a command. */
export type Exit = (status: number) => void;

export const example = (...lines: string[]) =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n  ${lines.join('\n  ')}`;

export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port, or 0 for any free port.');
  return Number(text);
}

/** Of the page to look at while it runs. */
export const boardPort = 8420;

export const defineCommand = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .option('--json', 'print one JSON object as the last line of standard output')
    .showHelpAfterError('(see --help)');

export const withState = (built: Command) =>
  built
    .option('--config <file>', 'the configuration file', 'sync.config.ts')
    .option('--data-dir <dir>', 'where the state is kept on this machine', '.data');
