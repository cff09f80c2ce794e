import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';

export const recover = (exit: Exit): Command =>
  withState(
    defineCommand('recover', 'run this after restoring an older state: no duplicate company, no lost change'),
  )
    .option('--stage <name>', 'recover a deployed stage, instead of this machine')
    .addHelpText('after', example('npx clavus-moovago recover', 'npx clavus-moovago recover --stage prod'))
    .action(async (options) => exit(await (await import('./run-recover.ts')).runRecover(options)));
