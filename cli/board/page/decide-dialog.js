import { ask } from './ask.js';
import { box, button, html, part, say } from './elements.js';

/** @typedef {import('../candidates.ts').BoardCandidates} Candidates */
/** @typedef {import('../board-action.ts').Decision} Decision */
/** @typedef {import('./speaker.js').Speaker} Speaker */

/**
 * The dialog in which a person decides which company is a folder's: both sides beside each other, field by field.
 * @param {(decision: Decision) => void} decide
 */
export function createDecideDialog(decide) {
  const dialog = part('decide', HTMLDialogElement);
  let folderId = '';

  /** @param {Decision} decision */
  const choose = (decision) => {
    dialog.close();
    decide(decision);
  };
  button('decide-close').addEventListener('click', () => dialog.close());
  button('decide-new').addEventListener('click', () => choose({ action: 'unlink', folderId }));
  button('decide-ignore').addEventListener('click', () => choose({ action: 'ignore', folderId }));

  /**
   * @param {Candidates} candidates
   * @param {Speaker} speaker
   */
  function show({ name, fields, companies }, { words }) {
    say(box('decide-name'), name || folderId);
    say(box('decide-hint'), companies.length === 0 ? words.noneListed : words.whichOne);
    const corner = html('td', {});
    box('decide-head').replaceChildren(
      html(
        'tr',
        {},
        html('th', { scope: 'col', text: words.field }),
        html('th', { scope: 'col', text: words.fromClavus }),
        ...companies.map((company) => html('th', { scope: 'col', text: company.name || company.id })),
      ),
      html(
        'tr',
        {},
        corner,
        html('td', {}),
        ...companies.map((company) => html('td', {}, chooser(company, words))),
      ),
    );
    box('decide-fields').replaceChildren(
      ...fields.map(({ field, clavus }, index) =>
        html(
          'tr',
          {},
          html('th', { scope: 'row', text: words.fields[field] ?? field }),
          html('td', { text: clavus }),
          ...companies.map((company) => cell(company.fields[index], words)),
        ),
      ),
    );
  }

  /**
   * @param {Candidates['companies'][number]} company
   * @param {Speaker['words']} words
   */
  function chooser({ id, name }, words) {
    const one = html('button', { type: 'button', class: 'main', text: words.thisOne });
    one.setAttribute('aria-label', `${words.thisOne} ${name || id}`);
    one.addEventListener('click', () => choose({ action: 'link', folderId, companyId: id }));
    return one;
  }

  /**
   * @param {string} id of a folder
   * @param {Speaker} speaker
   */
  async function open(id, speaker) {
    folderId = id;
    const { words } = speaker;
    say(box('decide-name'), id);
    say(box('decide-hint'), words.reading);
    box('decide-head').replaceChildren();
    box('decide-fields').replaceChildren();
    dialog.showModal();
    const answer = await ask(`candidates.json?folder=${encodeURIComponent(id)}`).catch(() => undefined);
    const found = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
    if (!dialog.open || folderId !== id) return;
    if (found === undefined) say(box('decide-hint'), words.refused);
    else show(found, speaker);
  }

  return { open };
}

/**
 * What a company holds in a field, and how that compares.
 * @param {Candidates['companies'][number]['fields'][number] | undefined} field
 * @param {Speaker['words']} words
 */
function cell(field, words) {
  const { moovago = '', is = 'blank' } = field ?? {};
  if (is === 'blank') return html('td', { text: moovago });
  const [sign, heard] = is === 'equal' ? ['=', words.equal] : ['≠', words.differs];
  return html(
    'td',
    { class: is },
    html('span', { class: 'heard', text: heard }),
    html('span', { 'aria-hidden': 'true', class: 'sign', text: `${sign} ` }),
    moovago,
  );
}
