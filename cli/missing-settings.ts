import { serviceSettingsProblems } from '../lib/framework/environment.ts';
import { ConfigurationError } from '../lib/framework/errors.ts';
import type { ServiceEnvironment } from './service-environment.ts';

/**
 * What is wrong with the addresses and keys.
 * @param stage of a deployed stage, whose keys are in SSM
 */
export const settingsProblems = (environment: ServiceEnvironment, stage?: string) =>
  serviceSettingsProblems(environment).filter(({ where }) => stage === undefined || !where.endsWith('_KEY'));

/** The addresses and keys that are not set, all of them. */
export const missingSettings = (environment: ServiceEnvironment, stage?: string): string[] =>
  settingsProblems(environment, stage)
    .filter(({ message }) => message === 'is not set')
    .map(({ where }) => where);

/** What to do about settings that are missing. */
export function settingsCure(missing: readonly string[], stage?: string): string {
  const them = missing.length === 1 ? 'it' : 'them';
  return stage === undefined
    ? `Run npx clavus-moovago init, which asks for ${them}, or set ${them} in .env.`
    : `Set ${them} in .env.${stage}, and deploy.`;
}

/** Names every setting that is missing. */
export const notSet = (missing: readonly string[], cure: string): ConfigurationError =>
  new ConfigurationError(missing.join(', '), `${missing.length === 1 ? 'is' : 'are'} not set. ${cure}`);

/** @throws ConfigurationError with every setting that is missing, and what to do */
export function requireSettings(environment: ServiceEnvironment, stage?: string): void {
  const missing = missingSettings(environment, stage);
  if (missing.length > 0) throw notSet(missing, settingsCure(missing, stage));
}
