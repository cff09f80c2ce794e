import { box, say } from './elements.js';
import { showBand } from './pace-band.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot} Snapshot */
/** @typedef {import('./speaker.js').Speaker} Speaker */

/** @typedef {{ mood: 'calm' | 'busy' | 'warn', kind: string, text: string, more: string }} Summary */

/**
 * What somebody has to look at, a sentence each.
 * @param {Pick<Snapshot, 'clavus' | 'failed' | 'waiting'>} snapshot
 * @param {Speaker} speaker
 */
function troublesOf({ clavus: { hidden, unreadable }, failed, waiting }, { words, number }) {
  const { removalsHeld, leftAside } = waiting;
  return [
    ...(failed.total > 0 ? [words.needSomebody(number(failed.total), failed.total)] : []),
    ...(removalsHeld > 0 ? [words.removalsHeld(number(removalsHeld), removalsHeld)] : []),
    ...(hidden === null ? [] : [words.hidden(number(hidden.shown))]),
    ...(unreadable > 0 ? [words.unreadable(number(unreadable), unreadable)] : []),
    ...(leftAside > 0 ? [words.leftAside(number(leftAside), leftAside)] : []),
  ].join(' ');
}

/**
 * Why nothing is sent to Moovago.
 * @param {Snapshot['pace']} pace
 * @param {number} until
 * @param {Speaker} speaker
 * @returns {Summary}
 */
function heldSummary({ heldWhy, timezone }, until, { words, second }) {
  const time = second(until, timezone);
  const [text, more] =
    heldWhy === 'key' ? [words.heldKey(time), words.heldKeyMore] : [words.held(time), words.heldMore];
  return { mood: 'warn', kind: 'held', text, more };
}

/**
 * How things stand, in a sentence or two.
 * @param {Snapshot} snapshot
 * @param {Speaker} speaker
 * @returns {Summary}
 */
export function summaryOf(snapshot, speaker) {
  const { at, clavus, waiting, pace } = snapshot;
  const { words, number, time } = speaker;
  const { live, bulk } = waiting;
  const more = troublesOf(snapshot, speaker);
  if (pace.pilot === 'stopped')
    return { mood: 'warn', kind: 'stopped', text: words.pilotStopped, more: words.pilotStoppedMore };
  if (pace.heldUntil !== null) return heldSummary(pace, pace.heldUntil, speaker);
  if (clavus.lastPollAt === null) return { mood: 'busy', kind: 'first', text: words.notYet, more };
  const bulkWaits = pace.bulkFrom > at;
  const onTheWay = live + (bulkWaits ? 0 : bulk);
  if (onTheWay > 0)
    return { mood: 'busy', kind: 'moving', text: words.onTheWay(number(onTheWay), onTheWay), more };
  if (bulk > 0) {
    const text = words.waitsForEvening(number(bulk), time(pace.bulkFrom, pace.timezone), bulk);
    return { mood: more === '' ? 'calm' : 'warn', kind: 'evening', text, more };
  }
  if (more === '') return { mood: 'calm', kind: 'rest', text: words.inStep, more };
  return { mood: 'warn', kind: more, text: more, more: words.inStepBut };
}

/**
 * Shows the four stations of a change.
 * @param {Snapshot} snapshot
 * @param {Speaker} speaker
 */
export function showFlow({ at, clavus, waiting, pace, moovago }, speaker) {
  const { words, number, ago } = speaker;
  const { live, bulk, queue, deadLetters } = waiting;
  box('flow').dataset.moving = String(queue > 0);
  say(box('clavus-total'), number(clavus.total ?? 0));
  say(box('clavus-unit'), words.folderUnit(clavus.total ?? 0));
  say(box('clavus-read'), words.read(ago(clavus.lastPollAt, at)));
  say(box('waiting-total'), number(live + bulk));
  say(box('waiting-unit'), words.changeUnit(live + bulk));
  say(box('waiting-live'), number(live));
  say(box('waiting-bulk'), number(bulk));
  say(box('waiting-queue'), number(queue));
  say(box('waiting-dead'), number(deadLetters));
  say(box('pace-rate'), number(pace.requestsPerSecond));
  say(box('pace-unit'), words.rateUnit(pace.requestsPerSecond));
  say(box('pace-text'), paceText(pace, speaker));
  showBand(box('band'), pace, speaker);
  const [newest] = moovago.companies;
  say(box('moovago-total'), number(moovago.total));
  say(box('moovago-unit'), words.companyUnit(moovago.total));
  say(box('moovago-written'), words.written(ago(newest?.writtenAt ?? null, at)));
}

/**
 * @param {Snapshot['pace']} pace
 * @param {Speaker} speaker
 */
function paceText({ pilot, ignoresBusinessHours, now, bulkFrom, timezone }, { words, time }) {
  if (pilot === 'running') return words.pacePilot;
  if (ignoresBusinessHours) return words.paceIgnores;
  return now.isBusinessTime ? words.paceBusiness(time(bulkFrom, timezone)) : words.paceFree;
}
