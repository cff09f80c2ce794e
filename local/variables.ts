import { ConfigurationError } from '../lib/framework/errors.ts';

export type VariableSources = {
  stage: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** The whole of `serverless.yml`, for `${self:…}` and `${param:…}`. */
  document: unknown;
};

const deepest = 20;

/**
 * Replaces `${sls:stage}`, `${opt:stage}`, `${param:x}`, `${env:X}` and `${self:…}`, with their fallbacks, anywhere in a
 * value. `${AWS::Region}` and `${StateTable.Arn}` belong to CloudFormation and stay (a source begins with a small letter).
 * `where` is the path of the value, for the error that names a variable that has no value on this machine.
 */
export function resolveVariables(value: unknown, sources: VariableSources, where: string): unknown {
  return resolve(value, { sources, where, depth: 0 });
}

type Position = { sources: VariableSources; where: string; depth: number };

function resolve(value: unknown, position: Position): unknown {
  if (typeof value === 'string') return resolveText(value, position);
  if (Array.isArray(value)) {
    return value.map((entry, index) => resolve(entry, { ...position, where: `${position.where}.${index}` }));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      resolve(entry, { ...position, where: `${position.where}.${key}` }),
    ]),
  );
}

function resolveText(text: string, position: Position): unknown {
  let resolved = '';
  let from = 0;
  for (const start of text.matchAll(/\$\{(?=[a-z][a-zA-Z0-9]*[:(])/g)) {
    if (start.index < from) continue;
    const end = closingBrace(text, start.index + 2, position);
    const value = evaluate(text.slice(start.index + 2, end), position);
    if (start.index === 0 && end === text.length - 1) return value;
    resolved += text.slice(from, start.index) + embedded(value, text, position);
    from = end + 1;
  }
  return resolved + text.slice(from);
}

function closingBrace(text: string, from: number, position: Position): number {
  let open = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '{') open += 1;
    if (text[index] === '}') open -= 1;
    if (open === 0) return index;
  }
  throw new ConfigurationError(position.where, `"${text}" has a "\${" without its "}"`);
}

function embedded(value: unknown, text: string, position: Position): string {
  if (typeof value === 'object') {
    throw new ConfigurationError(position.where, `"${text}" puts a list or a mapping into a text`);
  }
  return String(value);
}

/** The first alternative that has a value, as osls has it: `${env:X, 'default'}`. */
function evaluate(expression: string, position: Position): unknown {
  if (position.depth >= deepest) {
    throw new ConfigurationError(position.where, `\${${expression}} refers to itself`);
  }
  for (const alternative of alternatives(expression)) {
    const value = evaluateAlternative(alternative.trim(), { ...position, depth: position.depth + 1 });
    if (value !== undefined && value !== null) return value;
  }
  throw new ConfigurationError(
    position.where,
    `\${${expression}} has no value: set it, or give it a default`,
  );
}

/** Splits at commas that stand neither in quotes nor in braces. */
function alternatives(expression: string): string[] {
  return expression.match(/(?:'[^']*'|"[^"]*"|\$\{(?:[^{}]|\{[^{}]*\})*\}|[^,'"])+/g) ?? [];
}

function evaluateAlternative(alternative: string, position: Position): unknown {
  const literal = /^(?:'([^']*)'|"([^"]*)")$/.exec(alternative);
  if (literal) return literal[1] ?? literal[2];
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(alternative)) return JSON.parse(alternative);
  if (alternative.startsWith('${')) return resolveText(alternative, position);
  const [, source, address] = /^([a-z][a-zA-Z0-9]*):(.*)$/s.exec(alternative) ?? [];
  if (source === undefined || address === undefined) {
    throw new ConfigurationError(
      position.where,
      `\${${alternative}} is not a variable that this machine can resolve`,
    );
  }
  return lookUp(source, String(resolveText(address, position)), position);
}

function lookUp(source: string, address: string, position: Position): unknown {
  const { stage, environment, document } = position.sources;
  if (source === 'env') return environment[address];
  if (source === 'self') return resolve(valueAt(document, address.split('.')), position);
  if (source === 'param') {
    const own = valueAt(document, ['params', stage, address]);
    return resolve(own ?? valueAt(document, ['params', 'default', address]), position);
  }
  if (source === 'opt') return address === 'stage' ? stage : undefined;
  if (source === 'sls' && address === 'stage') return stage;
  throw new ConfigurationError(position.where, `\${${source}:${address}} cannot be resolved on this machine`);
}

function valueAt(value: unknown, path: string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return valueAt(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}
