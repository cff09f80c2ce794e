import type { Finding } from '../lib/check/finding.ts';

type CheckReport = {
  /** Whether nothing is wrong: warnings are allowed. */
  ok: boolean;
  problems: { severity: 'error' | 'warning'; where: string; message: string; people?: readonly string[] }[];
  /** What is worth knowing besides. */
  notes: { where: string; message: string; people?: readonly string[] }[];
};

/** What `check --json` prints: what is wrong first. */
export function checkReport(findings: readonly Finding[]): CheckReport {
  const of = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted);
  const problems = (['error', 'warning'] as const).flatMap((severity) =>
    of(severity).map(({ where, message, cure, people }) => ({
      severity,
      where,
      message: cure === undefined ? message : `${sentence(message)} ${cure}`,
      ...(people ? { people } : {}),
    })),
  );
  const notes = of('note').map(({ where, message, people }) => ({
    where,
    message,
    ...(people ? { people } : {}),
  }));
  return { ok: of('error').length === 0, problems, notes };
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const signs = { error: '✗', warning: '!', note: '·' } as const;
const width = 100;

/** The same for people: what is wrong first, each with what, where and what to do. */
export function checkLines(
  findings: readonly Finding[],
  { offline = false }: { offline?: boolean } = {},
): string[] {
  const of = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted);
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')];
  const count = (list: Finding[], one: string, many: string) =>
    `${list.length} ${list.length === 1 ? one : many}`;
  const asked = offline ? ' Clavus and Moovago were not asked (--offline).' : '';
  const verdict =
    errors.length > 0
      ? `${count(errors, 'problem', 'problems')}, ${count(warnings, 'warning', 'warnings')}.${asked}`
      : `Nothing is wrong; ${count(warnings, 'warning', 'warnings')}.${asked}`;
  const listed = [...errors.flatMap(lines), ...warnings.flatMap(lines), ...notes.flatMap(noteLines)];
  return [...listed, ...(notes.length > 0 ? [''] : []), verdict];
}

function lines({ severity, where, message, cure, people = [] }: Finding): string[] {
  return [
    `${signs[severity]} ${where}`,
    ...wrapped(sentence(message), '    '),
    ...(cure === undefined ? [] : wrapped(cure, '    ', '  → ')),
    ...people.map((line) => `      ${line}`),
    '',
  ];
}

const noteLines = ({ where, message, people = [] }: Finding) => [
  ...wrapped(`${where}: ${message}`, '  ', `${signs.note} `),
  ...people.map((line) => `      ${line}`),
];

/** A text in lines of a terminal, the first of which begins otherwise. */
function wrapped(text: string, indent: string, first = indent): string[] {
  const result: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    const isFull = line.length + word.length > width && line.trim() !== '' && line !== first;
    if (isFull) result.push(line.trimEnd());
    line = isFull ? `${indent}${word} ` : `${line}${word} `;
  }
  return [...result, line.trimEnd()];
}
