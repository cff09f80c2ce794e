import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { SyncOptions } from './sync.ts';

export type RetryOptions = SyncOptions & { failed?: boolean };

export const retry = (exit: Exit): Command =>
  withState(defineCommand('retry', 'send folders again, from what Clavus holds now'))
    .argument('[folders...]', "ids of folders, or of reps' companies that are to become prospects")
    .option('--failed', 'all folders that somebody had to look at')
    .option('--ignore-business-hours', 'send a mass of changes now, and at the faster pace')
    .option('--verbose', 'print every log line of the functions')
    .addHelpText(
      'after',
      example('npx clavus-moovago retry clsc618zi01qbwjw3m1hw93ge', 'npx clavus-moovago retry --failed'),
    )
    .action(async (folders: string[], options, self: Command) => {
      if (folders.length > 0 === (options.failed === true))
        self.error('error: name the folders to retry, or give --failed');
      exit(await (await import('./run-sync.ts')).runRetry(folders, options));
    });
