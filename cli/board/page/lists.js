import { box, html, inside, say, showList } from './elements.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot} Snapshot */
/** @typedef {import('./speaker.js').Speaker} Speaker */

/** So long a company that was just written stands out, in milliseconds. */
const freshMs = 6_000;

const moods = {
  unseen: 'busy',
  due: 'busy',
  delivered: 'calm',
  refused: 'warn',
  parked: 'warn',
  ambiguous: 'warn',
  secondary: 'calm',
  removed: 'quiet',
  ignored: 'quiet',
};

/**
 * How a folder stands, as a word and a colour.
 * @param {HTMLElement} mark
 * @param {import('../snapshot.ts').BoardFolder['status']} status
 * @param {Speaker['words']} words
 */
export function showMark(mark, status, words) {
  say(mark, words.status[status]);
  mark.dataset.mood = moods[status];
}

/**
 * Shows the folders of Clavus, each as a button that opens it.
 * @param {Snapshot} snapshot
 * @param {Speaker} speaker
 * @param {(folderId: string) => void} open
 */
export function showFolders({ at, clavus, editing }, { words, ago }, open) {
  const hint = editing === null ? words.foldersHintReal : words.foldersHintSimulated;
  say(box('folders-hint'), clavus.folders.length === 0 ? words.nothingFound : hint);
  showList(
    box('folders'),
    clavus.folders,
    ({ id }) => id,
    ({ id }) => {
      const parts = ['name', 'mark', 'place', 'when'].map((name) => html('span', { class: name }));
      const row = html('button', { type: 'button', 'aria-haspopup': 'dialog' }, ...parts);
      row.addEventListener('click', () => open(id));
      return html('li', {}, row);
    },
    (element, { id, name, place, status, changedAt }) => {
      say(inside(element, 'name'), name || id);
      say(inside(element, 'place'), place);
      showMark(inside(element, 'mark'), status, words);
      say(inside(element, 'when'), changedAt === null ? '' : ago(changedAt, at));
    },
  );
}

/**
 * Shows the companies of Moovago. One that was just written stands out for a moment.
 * @param {Snapshot} snapshot
 * @param {Speaker} speaker
 */
export function showCompanies({ at, moovago }, { ago }) {
  showList(
    box('companies'),
    moovago.companies,
    ({ id }) => id,
    () => html('li', {}, ...['name', 'when', 'place', 'owners'].map((name) => html('span', { class: name }))),
    (element, { name, place, phone, owners, writtenAt }) => {
      say(inside(element, 'name'), name);
      say(inside(element, 'place'), [place, phone].filter(Boolean).join(' · '));
      say(inside(element, 'owners'), owners);
      say(inside(element, 'when'), writtenAt === null ? '' : ago(writtenAt, at));
      element.classList.toggle('fresh', writtenAt !== null && at - writtenAt < freshMs);
    },
  );
}
