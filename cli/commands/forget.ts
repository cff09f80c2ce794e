import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type ForgetOptions = StateOptions & { json?: boolean };

export const forget = (exit: Exit): Command =>
  withState(
    defineCommand(
      'forget',
      'erase what the connector keeps of a customer: of a folder that is gone from Clavus, or of a company of a rep',
    ),
  )
    .argument('<folder>', 'id of a folder that was deleted in Clavus, or of a company that a rep made')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago forget clsc618zi01qbwjw3m1hw93ge',
        'npx clavus-moovago forget clsc618zi01qbwjw3m1hw93ge --stage prod',
      ),
    )
    .action(async (folder: string, options) =>
      exit(await (await import('./run-forget.ts')).runForget(folder, options)),
    );
