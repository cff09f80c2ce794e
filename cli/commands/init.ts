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
      'ask for addresses and keys, propose a mapping from what Clavus holds, and save it',
    ),
  )
    .option('--yes', 'ask nothing: accept the proposal, with the keys from the environment')
    .option('--force', 'replace an existing configuration file, without asking')
    .option('--clavus-api-url <address>', "Clavus' address; saved in .env, like the other addresses")
    .option('--moovago-api-url <address>', "Moovago's address, from the mail with the key")
    .option('--moovago-api-key-header <name>', 'the header that the mail names')
    .addHelpText(
      'after',
      `\nKeys are never options: init asks for them without showing them, or takes them\nfrom CLAVUS_API_KEY and MOOVAGO_API_KEY.\n${example(
        'npx clavus-moovago init',
        'npx clavus-moovago init --config sync.test.config.ts',
        'npx clavus-moovago init --yes --moovago-api-url https://…',
      )}`,
    )
    .action(async (options) => exit(await (await import('./run-init.ts')).runInit(options)));
