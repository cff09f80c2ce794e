import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type StatusOptions = StateOptions & { json?: boolean };

export const status = (exit: Exit): Command =>
  withState(defineCommand('status', 'show the last poll, what waits, and what failed and why'))
    .option('--stage <name>', 'look at a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example('npx clavus-moovago status', 'npx clavus-moovago status --stage prod --json'),
    )
    .action(async (options) => exit(await (await import('./run-status.ts')).runStatus(options)));
