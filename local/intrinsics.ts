import { ConfigurationError } from '../lib/framework/errors.ts';

/** What `Ref`, `Fn::GetAtt` and `Fn::Sub` may point at. */
export type IntrinsicTargets = {
  region: string;
  stackName: string;
  /** Names of the tables and of the queues, by logical id. */
  tables: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, string>;
};

/** Accounts are named by twelve digits; the emulators answer for this one. */
export const localAccount = '000000000000';

export function queueArn(region: string, name: string): string {
  return `arn:aws:sqs:${region}:${localAccount}:${name}`;
}

/**
 * Replaces CloudFormation's `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` anywhere in a value.
 * The URL of a queue is known only once the queue exists: it becomes `{ queueUrlOf: logicalId }`.
 * Throws a `ConfigurationError` that names what cannot be resolved; `where` is the path of the value.
 */
export function resolveIntrinsics(value: unknown, targets: IntrinsicTargets, where: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((entry, index) => resolveIntrinsics(entry, targets, `${where}.${index}`))
      .filter((entry) => entry !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return callIntrinsic(only[0], only[1], targets, where);
  }
  return Object.fromEntries(
    entries
      .map(([key, entry]) => [key, resolveIntrinsics(entry, targets, `${where}.${key}`)] as const)
      .filter(([, entry]) => entry !== undefined),
  );
}

function callIntrinsic(name: string, argument: unknown, targets: IntrinsicTargets, where: string): unknown {
  if (name === 'Ref' && typeof argument === 'string') return reference(argument, targets, where);
  if (name === 'Fn::GetAtt') {
    const [id, attribute] = typeof argument === 'string' ? splitAtDot(argument) : texts(argument, where);
    return attributeOf(id ?? '', attribute ?? '', targets, where);
  }
  if (name === 'Fn::Sub') return substitute(argument, targets, where);
  if (name === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, parts] = argument;
    return texts(resolveIntrinsics(parts, targets, where), where).join(String(separator));
  }
  throw new ConfigurationError(where, `${name} cannot be resolved on this machine`);
}

function reference(id: string, targets: IntrinsicTargets, where: string): unknown {
  const pseudo = pseudoParameters(targets);
  if (Object.hasOwn(pseudo, id)) return pseudo[id];
  if (targets.queues.has(id)) return { queueUrlOf: id };
  const table = targets.tables.get(id);
  if (table !== undefined) return table;
  throw new ConfigurationError(where, `Ref: ${id} names neither a table nor a queue of serverless.yml`);
}

function pseudoParameters({ region, stackName }: IntrinsicTargets): Record<string, string | undefined> {
  return {
    'AWS::Region': region,
    'AWS::AccountId': localAccount,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::NoValue': undefined,
  };
}

function attributeOf(id: string, attribute: string, targets: IntrinsicTargets, where: string): unknown {
  const queue = targets.queues.get(id);
  if (queue !== undefined) {
    if (attribute === 'Arn') return queueArn(targets.region, queue);
    if (attribute === 'QueueName') return queue;
    if (attribute === 'QueueUrl') return { queueUrlOf: id };
  }
  const table = targets.tables.get(id);
  if (table !== undefined && attribute === 'Arn') {
    return `arn:aws:dynamodb:${targets.region}:${localAccount}:table/${table}`;
  }
  throw new ConfigurationError(where, `Fn::GetAtt: ${id}.${attribute} cannot be resolved on this machine`);
}

function substitute(argument: unknown, targets: IntrinsicTargets, where: string): string {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const values = new Map(Object.entries(Object(resolveIntrinsics(own, targets, where))));
  return String(template).replace(/\$\{([^}]*)\}/g, (placeholder, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const value = values.get(name) ?? target(name, targets, where);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new ConfigurationError(
      where,
      `Fn::Sub: ${placeholder} has no text to put in; name a queue's URL with Ref`,
    );
  });
}

function target(name: string, targets: IntrinsicTargets, where: string): unknown {
  const [id, attribute] = splitAtDot(name);
  return attribute === undefined
    ? reference(name, targets, where)
    : attributeOf(id ?? '', attribute, targets, where);
}

function splitAtDot(name: string): string[] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function texts(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw new ConfigurationError(where, 'a list of texts belongs here');
}
