import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { say } from './print.ts';
import { createProgram } from './program.ts';
import { exitStatus } from './sync-report.ts';
import { troubleText } from './trouble-text.ts';

// Whoever reads the answer may have enough of it before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const program = createProgram((status) => {
    process.exitCode = status;
  });
  // `.env` is about this machine: the keys of a deployed stage must not reach what it names.
  program.hook('preAction', (_program, command) => {
    if (command.opts().stage === undefined && existsSync('.env')) process.loadEnvFile('.env');
  });
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
  if (!(error instanceof CommanderError)) say(`clavus-moovago: ${messageOf(error)}`);
}

// A function that was given up may wait for an answer still, and nobody waits for it.
setTimeout(() => process.exit(), 1_000).unref();

function statusOf(error: unknown): number {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitStatus.done : exitStatus.configuration;
  return error instanceof Error && error.name === 'ConfigurationError'
    ? exitStatus.configuration
    : exitStatus.fault;
}

function messageOf(error: unknown): string {
  const stack = error instanceof Error && process.env.DEBUG ? error.stack : undefined;
  return stack ?? troubleText(error);
}
