import type { Command } from 'commander';
import { defineCommand, type Exit, example, withState } from '../define-command.ts';

export type InitOptions = {
  config: string;
  dataDir: string;
  json?: boolean;
  yes?: boolean;
  force?: boolean;
  clavusApiUrl?: string;
  moovagoApiUrl?: string;
  moovagoApiKeyHeader?: string;
};

export const init = (exit: Exit): Command =>
  withState(
    defineCommand(
      'init',
      'ask for addresses and keys, propose a mapping from what Clavus holds, and write it down',
    ),
  )
    .option('--yes', 'ask nothing: take the proposal, with the keys from the environment')
    .option('--force', 'replace a configuration file that is there, without asking')
    .option('--clavus-api-url <address>', 'kept in .env, like the other addresses')
    .option('--moovago-api-url <address>', 'from the mail that brought the key')
    .option('--moovago-api-key-header <name>', 'the header that the mail names')
    .addHelpText(
      'after',
      `\nKeys are never options: they are asked for and not shown, or taken from\nCLAVUS_API_KEY and MOOVAGO_API_KEY.\n${example(
        'npx clavus-moovago init',
        'npx clavus-moovago init --config sync.test.config.ts',
        'npx clavus-moovago init --yes --moovago-api-url https://…',
      )}`,
    )
    .action(async (options) => exit(await (await import('./run-init.ts')).runInit(options)));
