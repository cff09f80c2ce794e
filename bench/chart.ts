import type { ScanPoint } from './sections/scan.ts';

/** One line of a panel: its values, in the order of the points. */
type Series = { name: string; values: number[]; isComparison: boolean };
type Panel = { title: string; unit: string; isLog: boolean; series: Series[] };

const width = 880;
const panel = { width: 420, height: 250 };
const plot = { left: 62, right: 18, top: 44, bottom: 46 };
const head = 56;

/** Readable on white and on black: an image cannot know what surrounds it, so it follows the reader's own scheme. */
const style = `
  svg { background: #ffffff; font: 12px system-ui, sans-serif; }
  text { fill: #1f2933; } .faint { fill: #52606d; } .title { font-size: 15px; font-weight: 600; } .name { font-weight: 600; }
  .grid { stroke: #d9e2ec; } .axis { stroke: #52606d; }
  .ours { stroke: #0b69a3; fill: #0b69a3; } .theirs { stroke: #b44d12; fill: #b44d12; }
  text.ours, text.theirs { stroke: none; }
  polyline.ours, polyline.theirs { fill: none; stroke-width: 2; }
  .theirs-line { stroke-dasharray: 5 4; }
  @media (prefers-color-scheme: dark) {
    svg { background: #16191d; } text { fill: #e4e7eb; } .faint { fill: #9aa5b1; }
    .grid { stroke: #323f4b; } .axis { stroke: #9aa5b1; }
    .ours { stroke: #62b0e8; fill: #62b0e8; } .theirs { stroke: #f0a35e; fill: #f0a35e; }
  }`;

/** Scans of growing size, drawn: what one folder costs in time, requests, read units, and what all of them need of memory. */
export function scanChart(points: readonly ScanPoint[], machine: string): string {
  const sizes = points.map(({ folders }) => folders);
  const panels = panelsOf(points);
  const height = head + panel.height * 2 + 24;
  const drawn = panels.map((one, index) => {
    const x = 10 + (index % 2) * (panel.width + 20);
    const y = head + Math.floor(index / 2) * panel.height;
    return `<g transform="translate(${x} ${y})">${panelMarkup(one, sizes)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">What a full scan of unchanged folders costs, by the number of folders</title>
<style>${style}</style>
<text class="title" x="12" y="24">A full scan in which nothing changed, by the number of folders</text>
<text class="faint" x="12" y="43">${escaped(`npm run bench -- --full --chart, on ${machine}`)}</text>
${drawn.join('\n')}
</svg>
`;
}

function panelsOf(points: readonly ScanPoint[]): Panel[] {
  const ours = (name: string, value: (point: ScanPoint) => number): Series => ({
    name,
    values: points.map(value),
    isComparison: false,
  });
  const batch = (value: (point: ScanPoint) => number): Series => ({
    name: 'BatchGetItem for every 100',
    values: points.map(value),
    isComparison: true,
  });
  const perThousand = (value: number, { folders }: ScanPoint) => (value * 1000) / folders;
  return [
    {
      title: 'Time per folder',
      unit: 'µs',
      isLog: false,
      series: [
        ours('the poll', ({ elapsedMs, folders }) => (elapsedMs * 1000) / folders),
        batch(({ elapsedMs, load, batchGet, folders }) => {
          return ((elapsedMs - load.elapsedMs + batchGet.elapsedMs) * 1000) / folders;
        }),
      ],
    },
    {
      title: 'Read units per 1000 folders',
      unit: '',
      isLog: true,
      series: [
        ours('the poll', (point) => perThousand(point.readUnits, point)),
        batch((point) =>
          perThousand(point.readUnits - point.load.readUnits + point.batchGet.readUnits, point),
        ),
      ],
    },
    {
      title: 'Requests per 1000 folders',
      unit: '',
      isLog: true,
      series: [
        ours('to Clavus', (point) => perThousand(point.clavusRequests, point)),
        ours('to DynamoDB', (point) => perThousand(point.tableCalls, point)),
      ],
    },
    {
      title: 'Peak memory of the process',
      unit: 'MB',
      isLog: false,
      series: [ours('the poll', ({ peakMegabytes }) => peakMegabytes)],
    },
  ];
}

type Scale = { at(value: number): number; ticks: number[] };

function panelMarkup({ title, unit, isLog, series }: Panel, sizes: readonly number[]): string {
  const inner = {
    left: plot.left,
    right: panel.width - plot.right,
    top: plot.top,
    bottom: panel.height - plot.bottom,
  };
  const x = logScale(sizes, inner.left + 8, inner.right - 8);
  const all = series.flatMap(({ values }) => values);
  const y = isLog ? logScale(all, inner.bottom, inner.top) : linearScale(all, inner.bottom, inner.top);
  const middle = (inner.left + inner.right) / 2;
  return [
    `<text class="name" x="${inner.left}" y="20">${escaped(title)}${unit === '' ? '' : ` (${unit})`}</text>`,
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${inner.left}" x2="${inner.right}" y1="${point(y.at(tick))}" y2="${point(y.at(tick))}"/>` +
        `<text class="faint" x="${inner.left - 8}" y="${point(y.at(tick) + 4)}" text-anchor="end">${tick.toLocaleString('en')}</text>`,
    ),
    `<line class="axis" x1="${inner.left}" x2="${inner.right}" y1="${inner.bottom}" y2="${inner.bottom}"/>`,
    ...x.ticks.map(
      (tick) =>
        `<text class="faint" x="${point(x.at(tick))}" y="${inner.bottom + 18}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    ),
    `<text class="faint" x="${middle}" y="${inner.bottom + 36}" text-anchor="middle">folders (logarithmic)</text>`,
    ...series.map((one, index) => seriesMarkup(one, sizes, { x, y, legendX: inner.left + index * 120 })),
  ].join('\n');
}

function seriesMarkup(
  { name, values, isComparison }: Series,
  sizes: readonly number[],
  { x, y, legendX }: { x: Scale; y: Scale; legendX: number },
): string {
  // A second series of our own is told apart by its colour as well.
  const look = isComparison || legendX > plot.left ? 'theirs' : 'ours';
  const places = values.map((value, index) => ({ x: point(x.at(sizes[index] ?? 1)), y: point(y.at(value)) }));
  return [
    `<text class="${look}" x="${legendX}" y="36">${look === 'ours' ? '●' : '◆'} ${escaped(name)}</text>`,
    `<polyline class="${look} ${look}-line" points="${places.map((place) => `${place.x},${place.y}`).join(' ')}"/>`,
    ...places.map((place) => `<circle class="${look}" cx="${place.x}" cy="${place.y}" r="3.5"/>`),
  ].join('\n');
}

const point = (value: number): number => Math.round(value * 10) / 10;

/** From 0 to a round number above all values, in four steps or five. */
function linearScale(values: readonly number[], from: number, to: number): Scale {
  const highest = Math.max(...values, 1e-9);
  const rough = highest / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  const top = Math.ceil(highest / step) * step;
  return {
    at: (value) => from + ((to - from) * value) / top,
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => point(index * step * 10) / 10),
  };
}

/** Whole powers of ten around all values. */
function logScale(values: readonly number[], from: number, to: number): Scale {
  const logs = values.map((value) => Math.log10(Math.max(value, 1e-9)));
  const low = Math.floor(Math.min(...logs) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs) - 1e-9));
  return {
    at: (value) => from + ((to - from) * (Math.log10(Math.max(value, 1e-9)) - low)) / (high - low),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
