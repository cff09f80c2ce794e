import { ask } from './ask.js';
import { showChart } from './chart.js';
import { createDecideDialog } from './decide-dialog.js';
import { box, button, part, say } from './elements.js';
import { showFailures } from './failures.js';
import { showFlow, summaryOf } from './flow.js';
import { createFolderDialog } from './folder-dialog.js';
import { showCompanies, showFolders } from './lists.js';
import { speakerOf } from './speaker.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot} Snapshot */
/** @typedef {import('../board-action.ts').BoardAction} Action */
/** @typedef {import('./speaker.js').Language} Language */

const everyMs = 1_000;
/** A connector that counts a hundred thousand rows takes its time. */
const patienceMs = 30_000;
/** So long what was done stays written, in milliseconds. */
const toldMs = 8_000;
/** How long after somebody typed the last letter it is searched, in milliseconds. */
const typingMs = 200;

let speaker = speakerOf(chosenLanguage());
/** @type {Snapshot | undefined} */
let latest;
/** Questions are numbered: an answer that comes late is not shown any more. */
let questions = 0;
let announced = '';
/** Folders that were asked to be sent again, until the answer comes. @type {Set<string>} */
const asked = new Set();
const searchField = part('search', HTMLInputElement);
const dialog = createFolderDialog((folderId, values) =>
  act({ action: 'edit', folderId, values }, speaker.words.saved),
);

const decideDialog = createDecideDialog((decision) => act(decision, speaker.words.decided));

/** As chosen on this page before; else French for a browser that prefers it to English. @returns {Language} */
function chosenLanguage() {
  const chosen = localStorage.getItem('language');
  if (chosen === 'fr' || chosen === 'en') return chosen;
  const known = navigator.languages.map((language) => language.slice(0, 2).toLowerCase());
  return known.find((language) => language === 'fr' || language === 'en') === 'fr' ? 'fr' : 'en';
}

/** Says everything on the page that does not change, in the language that is spoken. */
function speak() {
  const { words, language } = speaker;
  document.documentElement.lang = language;
  const texts = new Map(Object.entries(words));
  for (const element of document.querySelectorAll('[data-word]')) {
    if (!(element instanceof HTMLElement)) continue;
    const word = texts.get(element.dataset.word ?? '');
    if (typeof word === 'string') say(element, word);
  }
  for (const one of ['fr', 'en'])
    button(`language-${one}`).setAttribute('aria-pressed', String(one === language));
}

/** @param {Snapshot} snapshot */
function show(snapshot) {
  const summary = summaryOf(snapshot, speaker);
  box('summary').dataset.mood = summary.mood;
  say(box('summary-text'), summary.text);
  say(box('summary-more'), summary.more);
  // Counts change every second; only what kind of state it is deserves to be read out.
  if (announced !== summary.kind) say(box('announcement'), `${summary.text} ${summary.more}`);
  announced = summary.kind;
  const { words } = speaker;
  say(box('kind'), snapshot.editing === null ? words.real : words.simulated);
  box('try').hidden = snapshot.editing === null;
  showFlow(snapshot, speaker);
  const opens = new Set(snapshot.clavus.folders.map(({ id }) => id));
  showFailures(snapshot, speaker, { retry, open, compare, asked, opens });
  showChart({ place: box('chart'), rows: box('chart-rows') }, snapshot, speaker);
  showFolders(snapshot, speaker, open);
  showCompanies(snapshot, speaker);
  dialog.update(snapshot, speaker);
}

async function refresh() {
  questions += 1;
  const question = questions;
  const address = `board.json?search=${encodeURIComponent(searchField.value)}`;
  const answer = await ask(address, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  const body = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
  if (question !== questions) return;
  const { noKey, offline } = speaker.words;
  const why = answer?.status === 401 ? noKey : offline;
  say(box('offline'), body === undefined ? why : '');
  document.body.classList.toggle('stale', body === undefined);
  if (body === undefined) return;
  latest = body;
  show(body);
}

/**
 * Asks the connector to do something, and says what came of it.
 * @param {Action} action
 * @param {string} done
 */
async function act(action, done) {
  const answer = await ask('actions', { method: 'POST', body: JSON.stringify(action) }).catch(
    () => undefined,
  );
  tell(answer?.ok ? done : speaker.words.refused);
  await refresh();
}

let telling = 0;
/** Says it where one looks, for a while. @param {string} text */
function tell(text) {
  clearTimeout(telling);
  say(box('told'), text);
  telling = setTimeout(() => say(box('told'), ''), toldMs);
}

/** @param {string} folderId */
function open(folderId) {
  if (latest !== undefined) dialog.open(folderId, latest, speaker);
}

/** @param {string} folderId */
function compare(folderId) {
  void decideDialog.open(folderId, speaker);
}

/** @param {string} id of a row */
async function retry(id) {
  if (asked.has(id)) return;
  asked.add(id);
  if (latest !== undefined) show(latest);
  await act({ action: 'retry', folderId: id }, speaker.words.asked);
  asked.delete(id);
}

async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, everyMs);
}

for (const language of /** @type {const} */ (['fr', 'en']))
  button(`language-${language}`).addEventListener('click', () => {
    localStorage.setItem('language', language);
    speaker = speakerOf(language);
    speak();
    if (latest !== undefined) show(latest);
  });
let typing = 0;
searchField.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(refresh, typingMs);
});
button('retry-all').addEventListener('click', () => {
  // It goes away with the failures: the heading is where one goes on reading.
  box('failures-title').focus();
  void act({ action: 'retry-failed' }, speaker.words.asked);
});
button('try-add').addEventListener('click', () => act({ action: 'add' }, speaker.words.saved));
button('try-many').addEventListener('click', () => act({ action: 'edit-many' }, speaker.words.saved));
button('try-trouble').addEventListener('click', () => act({ action: 'trouble' }, speaker.words.troubleTold));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh();
});
speak();
void keepFresh();
