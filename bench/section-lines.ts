import { type Figure, isMet, type Section } from './figures.ts';

const widths = { what: 46, measured: 14, target: 12, compared: 14, ratio: 10 };

/** A section as a table for a person. */
export function sectionLines({ title, comparedWith, figures, notes }: Section): string[] {
  const compares = figures.some(({ compared }) => compared !== undefined);
  const ratios = compares ? ['compared *', 'ratio'] : [];
  const head = row(['', 'measured', 'target', ...ratios]);
  return [
    '',
    title,
    head,
    '─'.repeat(head.length),
    ...figures.map(figureLine),
    ...(compares ? [`* ${comparedWith}`] : []),
    ...notes.map((note) => `· ${note}`),
  ];
}

function figureLine(figure: Figure): string {
  const { what, unit, measured, compared, target } = figure;
  const goal = target === undefined ? '' : 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  const met = isMet(figure);
  return row([
    what,
    `${number(measured)}${unit === '' ? '' : ` ${unit}`}`,
    met === undefined ? goal : `${goal} ${met ? '✓' : '✗'}`,
    ...(compared === undefined ? [] : [number(compared), ratio(measured, compared)]),
  ]);
}

function row([what = '', measured = '', target = '', compared = '', ratio = '']: string[]): string {
  return [
    what.padEnd(widths.what),
    measured.padStart(widths.measured),
    target.padStart(widths.target),
    compared.padStart(widths.compared),
    ratio.padStart(widths.ratio),
  ]
    .join('')
    .trimEnd();
}

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
