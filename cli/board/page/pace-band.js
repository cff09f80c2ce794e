import { html, svg } from './elements.js';

const minutesPerDay = 24 * 60;

/**
 * Draws the day as a band: business hours shaded, and where it is now.
 * @param {Element} place
 * @param {import('../snapshot.ts').BoardSnapshot['pace']} pace
 * @param {import('./speaker.js').Speaker} speaker
 */
export function showBand(
  place,
  { businessHours, ignoresBusinessHours, now, timezone },
  { words, clock, days: daysInWords },
) {
  const { days, fromMinute, toMinute } = businessHours ?? { days: [], fromMinute: 0, toMinute: 0 };
  const isToday = days.includes(now.day);
  const times = [clock(fromMinute), clock(toMinute), clock(now.minute)];
  const [from = '', to = '', time = ''] = times;
  const label = isToday ? words.band(from, to, time, timezone) : words.bandFree(time, timezone);
  // Once a minute is often enough.
  if (place.getAttribute('aria-label') === label) return;
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', label);
  const isShaded = isToday && !ignoresBusinessHours;
  const hours = { x: fromMinute, width: toMinute - fromMinute, y: 0, height: 10 };
  const shape = svg(
    'svg',
    { viewBox: `0 0 ${minutesPerDay} 10`, preserveAspectRatio: 'none' },
    svg('rect', { class: 'day', width: minutesPerDay, height: 10 }),
    svg('rect', { class: isShaded ? 'hours' : 'hours ignored', ...hours }),
    svg('rect', { class: 'now', x: Math.min(now.minute, minutesPerDay - 14), width: 14, height: 10 }),
  );
  const scale = html(
    'p',
    { class: 'scale' },
    ...[0, 6, 12, 18, 24].map((hour) => html('span', { text: `${hour} h` })),
  );
  const captions = businessHours ? [html('p', { text: words.hours(daysInWords(days), from, to) })] : [];
  place.replaceChildren(shape, scale, ...captions);
}
