import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type LinkOptions = StateOptions & { json?: boolean; share?: boolean };

export const link = (exit: Exit): Command =>
  withState(
    defineCommand(
      'link',
      'link a folder to a company of Moovago: one of several that may be its own, or another',
    ),
  )
    .argument('<folder>', 'id of a folder')
    .argument('<company>', 'id of a company in Moovago')
    .option('--share', 'also if another folder writes the company: both are one customer')
    .option('--stage <name>', 'use a deployed stage, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago link clsc618zi01qbwjw3m1hw93ge 64f0c2a79b1d3e5f70812b01',
        'npx clavus-moovago link clsc618zi01qbwjw3m1hw93ge 64f0c2a79b1d3e5f7081 --share',
      ),
    )
    .action(async (folder: string, company: string, options) =>
      exit(await (await import('./run-link.ts')).runLink(folder, company, options)),
    );
