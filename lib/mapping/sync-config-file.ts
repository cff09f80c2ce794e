import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { ConfigurationError } from '../framework/errors.ts';
import { parseSyncConfig, type SyncConfig } from './sync-config.ts';

const configModule = z.object({ default: z.record(z.string(), z.unknown()) });

/**
 * The configuration: the packaged `sync.config.ts`, or another file if one is named.
 * @param file path of a TypeScript, JavaScript or JSON module
 * @throws ConfigurationError if it cannot be loaded, or with every key in it that is wrong
 */
export async function loadSyncConfig(file: string | undefined): Promise<SyncConfig> {
  if (file === undefined)
    return parseSyncConfig((await import('../../sync.config.ts')).default, 'sync.config.ts');
  return parseSyncConfig(await importSyncConfig(file), file);
}

/** The content of a configuration file, unchecked. */
export async function importSyncConfig(file: string): Promise<unknown> {
  const loaded = configModule.safeParse(await importFile(file));
  if (!loaded.success) throw new ConfigurationError(file, 'has no default export');
  return loaded.data.default;
}

async function importFile(file: string): Promise<unknown> {
  const { href } = pathToFileURL(file);
  try {
    return await (file.endsWith('.json') ? import(href, { with: { type: 'json' } }) : import(href));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(file, `cannot be loaded${lineIn(href, error)}: ${reason}`);
  }
}

/** The line at which Node stopped. Only the stack has it, after the path or the address of the file. */
function lineIn(href: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = [fileURLToPath(href), href].map((place) => stack.split(`${place}:`)[1] ?? '');
  const line = places.map((place) => /^\d+/.exec(place)?.[0]).find((found) => found !== undefined);
  return line === undefined ? '' : `, line ${line}`;
}
