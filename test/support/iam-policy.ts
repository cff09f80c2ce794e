import { readFileSync } from 'node:fs';

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
};

/** What a call says of itself, beside its action and its resource. */
type Context = Record<string, string>;

/** `*` stands for any characters, as in IAM. */
const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`,
    's',
  ).test(text);

const operators: Record<string, (pattern: string, text: string) => boolean> = {
  StringEquals: (pattern, text) => pattern === text,
  StringLike: like,
  ArnLike: like,
};

function holds(condition: Statement['Condition'] = {}, context: Context): boolean {
  return Object.entries(condition).every(([operator, keys]) => {
    const matches = operators[operator];
    if (matches === undefined) throw new Error(`an operator that nobody can compare: ${operator}`);
    return Object.entries(keys).every(([key, patterns]) => {
      const text = context[key];
      return text !== undefined && [patterns].flat().some((pattern) => matches(pattern, text));
    });
  });
}

/** A policy in a file, with statements that allow. */
export function readPolicy(file: string) {
  const statements: Statement[] = JSON.parse(readFileSync(file, 'utf8')).Statement;
  if (statements.some(({ Effect }) => Effect !== 'Allow')) throw new Error(`${file} does not only allow`);
  return {
    statements,
    allows: (action: string, resource: string, context: Context = {}): boolean =>
      statements.some(
        ({ Action, Resource, Condition }) =>
          [Action].flat().some((pattern) => like(pattern, action)) &&
          [Resource].flat().some((pattern) => like(pattern, resource)) &&
          holds(Condition, context),
      ),
  };
}

/** Which of these calls are not allowed. */
export const refusedBy = (
  { allows }: ReturnType<typeof readPolicy>,
  calls: readonly { action: string; resource: string }[],
): string[] =>
  calls.flatMap(({ action, resource }) =>
    allows(action, arnOf(action, resource)) ? [] : [`${action} ${resource}`],
  );

/** The ARN of what a call was made on, from its end. */
export const arnOf = (action: string, end: string): string =>
  end === '*' ? '*' : `arn:aws:${action.split(':')[0]}:eu-west-3:123456789012:${end}`;
