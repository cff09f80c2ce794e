import { html, say, svg } from './elements.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot['history'][number]} Minute */

const width = 600;
const above = 120;
const below = 36;
const barWidth = 7;
/** What is there is seen, however small. */
const seen = 3;

/**
 * Draws the last hour: what was delivered above the line, what failed below it, and how many changes waited.
 * @param {{ place: Element, rows: Element }} where
 * @param {import('../snapshot.ts').BoardSnapshot} snapshot
 * @param {import('./speaker.js').Speaker} speaker
 */
export function showChart({ place, rows }, { history, pace }, speaker) {
  const { words, number } = speaker;
  /** @param {number} at */
  const time = (at) => speaker.time(at, pace.timezone);
  /** @param {(minute: Minute) => number} count */
  const sum = (count) => history.reduce((total, minute) => total + count(minute), 0);
  const due = history.findLast((minute) => minute.due !== null)?.due ?? 0;
  const delivered = sum((minute) => minute.delivered);
  const label = words.chart(number(delivered), number(sum((minute) => minute.failed)), number(due));
  const drawn = JSON.stringify([label, history]);
  if (place.getAttribute('data-drawn') === drawn) return;
  place.setAttribute('data-drawn', drawn);
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', label);
  place.replaceChildren(...picture(history, { ...speaker, time }));
  showRows(rows, history, { ...speaker, time });
}

/** @typedef {Omit<import('./speaker.js').Speaker, 'time'> & { time: (at: number) => string }} SpeakerHere */

/**
 * @param {readonly Minute[]} history
 * @param {SpeakerHere} speaker
 */
function picture(history, { words, number, time }) {
  const most = Math.max(10, ...history.map(({ delivered, due }) => Math.max(delivered, due ?? 0)));
  const scale = Math.min(above / most, below / Math.max(1, ...history.map(({ failed }) => failed)));
  /** @param {number} count */
  const height = (count) => (count === 0 ? 0 : Math.max(seen, count * scale));
  const step = width / history.length;
  const bars = history.flatMap(({ at, delivered, failed, due }, index) => {
    const x = index * step + (step - barWidth) / 2;
    const title = `${time(at)} · ${number(delivered)} ${words.delivered}, ${number(failed)} ${words.failed}, ${number(due ?? 0)} ${words.due}`;
    const good = height(delivered);
    return [
      svg(
        'g',
        {},
        svg('rect', { class: 'hover', x: index * step, width: step, height: above + below }),
        svg('rect', { class: 'delivered', x, y: above - good, width: barWidth, height: good, rx: 1 }),
        svg('rect', { class: 'failed', x, y: above + 1, width: barWidth, height: height(failed), rx: 1 }),
        withText('title', title),
      ),
    ];
  });
  const points = history.flatMap(({ due }, index) =>
    due === null ? [] : [0, 1].map((end) => `${(index + end) * step},${above - height(due)}`),
  );
  const shape = svg(
    'svg',
    { viewBox: `0 0 ${width} ${above + below}`, preserveAspectRatio: 'none' },
    svg('line', { class: 'base', x1: 0, x2: width, y1: above, y2: above }),
    ...bars,
    svg('polyline', { class: 'due', points: points.join(' ') }),
  );
  const first = history[0]?.at ?? 0;
  const middle = history[Math.floor(history.length / 2)]?.at ?? 0;
  const times = [time(first), time(middle), words.now].map((text) => html('span', { text }));
  return [html('p', { class: 'most', text: number(most) }), shape, html('p', { class: 'scale' }, ...times)];
}

/** @param {string} tag @param {string} text */
function withText(tag, text) {
  const made = svg(tag, {});
  say(made, text);
  return made;
}

/**
 * The minutes in which something happened, for those who do not see the picture.
 * @param {Element} rows
 * @param {readonly Minute[]} history
 * @param {SpeakerHere} speaker
 */
function showRows(rows, history, { number, time }) {
  const busy = history.filter(({ delivered, failed, due }) => delivered + failed + (due ?? 0) > 0);
  rows.replaceChildren(
    ...busy.map(({ at, delivered, failed, due }) =>
      html(
        'tr',
        {},
        html('th', { scope: 'row', text: time(at) }),
        ...[delivered, failed, due].map((count) =>
          html('td', { text: count === null ? '–' : number(count) }),
        ),
      ),
    ),
  );
}
