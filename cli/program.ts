import { Command } from 'commander';
import { check } from './commands/check.ts';
import { demo } from './commands/demo.ts';
import { dev } from './commands/dev.ts';
import { explain } from './commands/explain.ts';
import { forget } from './commands/forget.ts';
import { ignore } from './commands/ignore.ts';
import { init } from './commands/init.ts';
import { link } from './commands/link.ts';
import { plan } from './commands/plan.ts';
import { recover } from './commands/recover.ts';
import { removals } from './commands/removals.ts';
import { repair } from './commands/repair.ts';
import { retry } from './commands/retry.ts';
import { status } from './commands/status.ts';
import { sync } from './commands/sync.ts';
import { unlink } from './commands/unlink.ts';
import { type Exit, example } from './define-command.ts';

const environmentHelp = `
Addresses and keys come from the environment, or from .env in this folder; with
--stage from the stage, and .env is not read:
  CLAVUS_API_URL          default: the address in Clavus' guide
  CLAVUS_API_KEY          from Clavus' administration, "Gestion des clés API"
  MOOVAGO_API_URL         from the mail with the key
  MOOVAGO_API_KEY         from the same mail
  MOOVAGO_API_KEY_HEADER  default: x-api-key

Exit status: 0 all done; 1 failure; 2 configuration or usage error;
3 done, but some records failed or cannot be read; 4 done, but some changes wait
for later or not every folder was read.`;

/** In the order of the help. */
const commands = [
  ...[demo, dev, init, check, plan, sync, retry, explain],
  ...[link, unlink, ignore, forget, repair, removals, status, recover],
];

/** The command line. Each command hands its exit status to `exit`; its own code is loaded when it runs. */
export function createProgram(exit: Exit): Command {
  const program = new Command('clavus-moovago')
    .description("Keeps Moovago's companies up to date with Clavus' folders.")
    .version('0.1.0')
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      `${environmentHelp}\n${example('npx clavus-moovago demo', 'npx clavus-moovago plan', 'npx clavus-moovago sync --once')}`,
    );
  for (const one of commands) program.addCommand(one(exit).exitOverride());
  return program.exitOverride();
}
