/** One line of the report. */
export type Figure = {
  what: string;
  unit: string;
  measured: number;
  /** What it has to reach. */
  target?: { atLeast: number } | { atMost: number };
  /** The same of what it is compared with, measured in the same run. */
  compared?: number;
};

/** What one part of the bench found. */
export type Section = {
  title: string;
  /** What the figures are compared with. */
  comparedWith?: string;
  figures: Figure[];
  /** What a reader should know of how they came about. */
  notes?: string[];
};

/** Tells a person what is going on. */
export type Say = (text: string) => void;

const widths = [46, 14, 12, 14, 10];

/** A section as a table for a person. */
export function sectionLines({ title, comparedWith, figures, notes = [] }: Section): string[] {
  const head = row([
    '',
    'measured',
    'target',
    ...(comparedWith === undefined ? [] : ['compared *', 'ratio']),
  ]);
  return [
    '',
    title,
    head,
    '─'.repeat(head.length),
    ...figures.map(figureLine),
    ...(comparedWith === undefined ? [] : [`* ${comparedWith}`]),
    ...notes.map((note) => `· ${note}`),
  ];
}

function figureLine({ what, unit, measured, compared, target }: Figure): string {
  return row([
    what,
    `${number(measured)} ${unit}`.trim(),
    goal(measured, target),
    ...(compared === undefined ? [] : [number(compared), ratio(measured, compared)]),
  ]);
}

function goal(measured: number, target: Figure['target']): string {
  if (target === undefined) return '';
  if ('atLeast' in target) return `≥ ${target.atLeast} ${measured >= target.atLeast ? '✓' : '✗'}`;
  return `≤ ${target.atMost} ${measured <= target.atMost ? '✓' : '✗'}`;
}

const row = ([what = '', ...cells]: string[]): string =>
  [what.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))]
    .join('')
    .trimEnd();

/** Three digits that count, and all of a whole number. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const whole = Number.isInteger(value) || Math.abs(value) >= 100;
  return whole ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** How many times as much one is as the other. */
function ratio(measured: number, compared: number): string {
  if (measured === 0 || compared === 0) return '';
  const times = measured / compared;
  return times >= 1 ? `${number(times)} ×` : `1/${number(1 / times)}`;
}
