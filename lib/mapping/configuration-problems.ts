import { ConfigurationError } from '../framework/errors.ts';

/** A problem in the configuration file. `path` is the key as written there: `company.phone.as`. */
export type Problem = { path: string; message: string };

const whereOf = (file: string, { path }: Problem) => (path === '' ? file : `${file}: ${path}`);

/** One error for all problems of a file, one problem a line, so that the operator can correct them in one run. */
export function configurationError(file: string, first: Problem, ...others: Problem[]): ConfigurationError {
  const lines = others.map((problem) => `${whereOf(file, problem)}: ${problem.message}`);
  return new ConfigurationError(whereOf(file, first), [first.message, ...lines].join('\n'));
}
