import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';
import type { StateOptions } from '../state.ts';

export type CheckOptions = StateOptions & { json?: boolean; offline?: boolean; moovagoSchema?: string };

export const check = (exit: Exit): Command =>
  withState(
    defineCommand(
      'check',
      'show what is wrong: configuration, keys, columns, people, and what the APIs deprecate or remove',
    ),
  )
    .option('--offline', 'check only what needs no key: Clavus and Moovago are not asked')
    .option('--moovago-schema <file>', "Moovago's schema file, from its guide; kept for the daily check")
    .option('--stage <name>', 'check a deployed stage, with its keys, instead of this machine')
    .addHelpText(
      'after',
      example(
        'npx clavus-moovago check',
        'npx clavus-moovago check --offline',
        'npx clavus-moovago check --moovago-schema moovago_api_graphql_schema.gql',
        'npx clavus-moovago check --stage prod --json | jq .problems',
      ),
    )
    .action(async (options) => exit(await (await import('./run-check.ts')).runCheck(options)));
