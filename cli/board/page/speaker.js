import { en } from './words-en.js';
import { fr } from './words-fr.js';

/** @typedef {'en' | 'fr'} Language */

const words = { en, fr };
const locales = { en: 'en-GB', fr: 'fr-FR' };

/**
 * What a page speaks: its words, numbers and times in one language.
 * @typedef {ReturnType<typeof speakerOf>} Speaker
 */

/** "18 h 30", "8 h", "18 h 30 min 05 s": as French prose has it. @param {string} digits "18:30", "18:30:05" */
function inFrench(digits) {
  const [hours = '', minutes = '', seconds] = digits.split(':');
  const words = [Number(hours), 'h'];
  if (seconds !== undefined) words.push(minutes, 'min', seconds, 's');
  else if (minutes !== '00') words.push(minutes);
  return words.join('\u00a0');
}

/** @param {Language} language */
export function speakerOf(language) {
  const spoken = words[language];
  const locale = locales[language];
  const numbers = new Intl.NumberFormat(locale);
  const written = language === 'fr' ? inFrench : (/** @type {string} */ digits) => digits;
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' });
  return {
    language,
    words: spoken,
    /** @param {number} count */
    number: (count) => numbers.format(count),
    /** How long ago, in words. @param {number | null} at @param {number} now */
    ago(at, now) {
      if (at === null) return spoken.never;
      const seconds = Math.max(0, Math.round((now - at) / 1000));
      if (seconds < 3) return spoken.justNow;
      if (seconds < 60) return relative.format(-seconds, 'second');
      if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
      if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
      return relative.format(-Math.floor(seconds / 86_400), 'day');
    },
    /** Hours and minutes. @param {number} at @param {string} timeZone */
    time: (at, timeZone) =>
      written(new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(at)),
    /** With seconds. @param {number} at @param {string} timeZone */
    second: (at, timeZone) =>
      written(new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(at)),
    /** "Mon–Fri": 1 (Monday) to 7 (Sunday), in order. @param {readonly number[]} days */
    days(days) {
      const [first = 1] = days;
      const last = days.at(-1) ?? first;
      // Any Monday.
      const nameOf = (/** @type {number} */ day) =>
        new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
          Date.UTC(2026, 0, 4 + day),
        );
      const isRange = days.length > 2 && last - first === days.length - 1;
      return isRange ? `${nameOf(first)}–${nameOf(last)}` : days.map(nameOf).join(', ');
    },
    /** @param {number} minutes since midnight */
    clock: (minutes) =>
      written(
        new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(
          minutes * 60_000,
        ),
      ),
  };
}
