import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { say } from './print.ts';
import { createProgram } from './program.ts';
import { exitStatus } from './sync-report.ts';
import { troubleText } from './trouble-text.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

// Whoever reads the answer may have enough of it before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await createProgram((status) => {
    process.exitCode = status;
  }).parseAsync();
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
