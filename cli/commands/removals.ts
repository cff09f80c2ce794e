import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type RemovalsOptions = StateOptions & { json?: boolean; verbose?: boolean };

export const removals = (exit: Exit): Command =>
  withState(
    defineCommand(
      'removals',
      'show which folders are gone from Clavus; `removals approve` approves the removal of many',
    ),
  )
    .argument('[action]', '`approve`: checks again, and removes no more than are held now')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example('npx clavus-moovago removals', 'npx clavus-moovago removals approve --stage prod'),
    )
    .action(async (action: string | undefined, options, self: Command) => {
      if (action !== undefined && action !== 'approve') self.error("error: the only action is 'approve'");
      exit(
        await (action === 'approve'
          ? (await import('./run-removals.ts')).runApproval(options)
          : (await import('./run-removals.ts')).runRemovals(options)),
      );
    });
