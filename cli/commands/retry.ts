import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { SyncOptions } from './sync.ts';

export type RetryOptions = SyncOptions & { failed?: boolean };

export const retry = (exit: Exit): Command =>
  withState(defineCommand('retry', 'send folders again, with what Clavus holds now'))
    .argument('[folders...]', "ids of folders, or of reps' companies that should become prospects")
    .option('--failed', 'all folders that failed, except those whose company was deleted')
    .option('--ignore-business-hours', 'send bulk changes now, and at the full pace')
    .option('--verbose', 'print every log line of the functions')
    .addHelpText(
      'after',
      example('npx clavus-moovago retry clsc618zi01qbwjw3m1hw93ge', 'npx clavus-moovago retry --failed'),
    )
    .action(async (folders: string[], options, self: Command) => {
      if (folders.length > 0 === (options.failed === true))
        self.error('error: name the folders to retry, or use --failed');
      exit(await (await import('./run-sync.ts')).runRetry(folders, options));
    });
