import { AwsFailure } from '../aws-failure.ts';
import type { AttributeValue } from './attribute-values.ts';
import { type Key, type KeyPart, type KeyValue, keyValues } from './table-description.ts';

type Expression = {
  KeyConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
};

const form = /^\s*([\w#]+)\s*=\s*(:\w+)\s*(?:AND\s+(.+?)\s*)?$/is;
const rangeForms = [
  { form: /^([\w#]+)\s*(=|<=|>=|<|>)\s*(:\w+)$/, sql: (operator: string) => `$range ${operator} ?` },
  { form: /^([\w#]+)\s+(BETWEEN)\s+(:\w+)\s+AND\s+(:\w+)$/i, sql: () => '$range BETWEEN ? AND ?' },
];

/** What a key condition asks for, as a condition on the columns `$hash` and `$range`. Throws a ValidationException. */
export function keyCondition(key: Key, expression: Expression): { sql: string; values: KeyValue[] } {
  const { KeyConditionExpression: text = '', ExpressionAttributeNames: names = {} } = expression;
  const refused = () => new AwsFailure('ValidationException', `Query key condition not supported: ${text}`);
  const valueGiven = (name: string, variable: string, wanted: KeyPart | undefined): KeyValue => {
    const attribute = expression.ExpressionAttributeValues?.[variable];
    if (wanted === undefined || (names[name] ?? name) !== wanted.name || attribute === undefined)
      throw refused();
    const [value] = keyValues({ hash: wanted }, { [wanted.name]: attribute }) ?? [];
    if (value === undefined) throw refused();
    return value;
  };

  const [, hashName = '', hashVariable = '', rest] = form.exec(text) ?? [];
  const hash = valueGiven(hashName, hashVariable, key.hash);
  if (rest === undefined) return { sql: '$hash = ?', values: [hash] };
  for (const { form: rangeForm, sql } of rangeForms) {
    const [, name = '', operator = '', ...variables] = rangeForm.exec(rest) ?? [];
    if (operator === '') continue;
    const given = variables.filter((variable) => variable !== undefined);
    return {
      sql: `$hash = ? AND ${sql(operator)}`,
      values: [hash, ...given.map((variable) => valueGiven(name, variable, key.range))],
    };
  }
  throw refused();
}
