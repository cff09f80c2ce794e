import { readFileSync } from 'node:fs';
import { parseDocument, type Tags, YAMLMap } from 'yaml';
import { ConfigurationError } from '../lib/framework/errors.ts';

const shortForms = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'Transform',
];

/** `!Sub x` means `{ 'Fn::Sub': x }`, whatever x is; only `Ref` and `Condition` have no prefix. */
const cloudFormationTags: Tags = shortForms.flatMap((name) => {
  const tag = `!${name}`;
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (value: unknown) => {
    const map = new YAMLMap();
    map.set(key, value);
    return map;
  };
  return [
    { tag, resolve: (text: string) => ({ [key]: text }) },
    { tag, collection: 'seq' as const, resolve: wrap },
    { tag, collection: 'map' as const, resolve: wrap },
  ];
});

/**
 * The content of a `serverless.yml`, with CloudFormation's short tags in their long form and nothing resolved yet.
 * Throws a `ConfigurationError` with the line where the file is not there or is not YAML.
 */
export function readServerlessFile(file: string): unknown {
  const document = parseDocument(contentOf(file), { customTags: cloudFormationTags, merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new ConfigurationError(file, problem.message, { cause: problem });
  return document.toJS();
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(file, 'this file cannot be read', { cause });
  }
}
