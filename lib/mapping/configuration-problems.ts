import { ConfigurationError } from '../framework/errors.ts';

/** Something wrong in the configuration file. `path` is the key, as one would write it: `company.phone.as`. */
export type Problem = { path: string; message: string };

const whereOf = (file: string, { path }: Problem) => (path === '' ? file : `${file}: ${path}`);

/** One error for all problems of a file, one problem a line, so that nobody repairs them one run at a time. */
export function configurationError(file: string, first: Problem, ...others: Problem[]): ConfigurationError {
  const lines = others.map((problem) => `${whereOf(file, problem)}: ${problem.message}`);
  return new ConfigurationError(whereOf(file, first), [first.message, ...lines].join('\n'));
}
