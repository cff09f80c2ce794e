import { box, button, html, part, say } from './elements.js';
import { showMark } from './lists.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot} Snapshot */
/** @typedef {import('../snapshot.ts').BoardFolder} Folder */
/** @typedef {import('./speaker.js').Speaker} Speaker */
/** @typedef {NonNullable<Snapshot['editing']>['columns'][number]} Column */

/**
 * The dialog of one folder: what Clavus and Moovago hold of it, and its columns to edit where Clavus is simulated.
 * @param {(folderId: string, values: Record<string, string>) => void} save
 */
export function createFolderDialog(save) {
  const dialog = part('folder', HTMLDialogElement);
  const form = part('folder-form', HTMLFormElement);
  /** @type {Folder | undefined} */
  let opened;

  button('folder-close').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (opened === undefined) return;
    const before = opened.values ?? {};
    const given = [...new FormData(form)].map(
      ([name, value]) => /** @type {const} */ ([name, String(value)]),
    );
    const changed = given.filter(([name, value]) => value !== before[name]);
    if (changed.length > 0) save(opened.id, Object.fromEntries(changed));
    dialog.close();
  });

  /** Brings it up to date; what somebody types stays.
   * @param {Snapshot} snapshot
   * @param {Speaker} speaker
   */
  function update({ clavus }, { words }) {
    const folder = clavus.folders.find(({ id }) => id === opened?.id);
    if (!dialog.open || folder === undefined) return;
    say(box('folder-name'), folder.name || folder.id);
    showMark(box('folder-status'), folder.status, words);
    say(box('folder-id'), folder.id);
    box('folder-fields').replaceChildren(
      ...folder.fields.map(({ field, clavus: wanted, moovago: held, differs }) => {
        const note = differs ? [html('span', { class: 'heard', text: words.differs })] : [];
        return html(
          'tr',
          differs ? { class: 'differs' } : {},
          html('th', { scope: 'row', text: words.fields[field] ?? field }),
          html('td', { text: wanted }),
          html('td', {}, ...note, held),
        );
      }),
    );
  }

  /**
   * @param {string} folderId
   * @param {Snapshot} snapshot
   * @param {Speaker} speaker
   */
  function open(folderId, snapshot, speaker) {
    opened = snapshot.clavus.folders.find(({ id }) => id === folderId);
    if (opened === undefined) return;
    form.hidden = snapshot.editing === null;
    const { values } = opened;
    box('folder-inputs').replaceChildren(
      ...(snapshot.editing?.columns ?? []).map((column) => input(column, values?.[column.name] ?? '')),
    );
    dialog.showModal();
    update(snapshot, speaker);
  }

  return { open, update };
}

/**
 * A column to edit, with its label.
 * @param {Column} column
 * @param {string} value
 */
function input({ name, label, options }, value) {
  const id = `column-${name}`;
  const field =
    options === null
      ? html('input', { id, name, value, autocomplete: 'off' })
      : html('select', { id, name }, ...choices(options, value));
  // Clavus' own labels, as its tenant wrote them.
  return html('p', {}, html('label', { for: id, lang: 'fr', text: label }), field);
}

/**
 * @param {{ value: string, label: string }[]} options
 * @param {string} value
 */
function choices(options, value) {
  const known = options.some((option) => option.value === value);
  const all = known ? options : [{ value, label: value }, ...options];
  return all.map((option) =>
    html('option', {
      value: option.value,
      text: option.label,
      ...(option.value === value ? { selected: '' } : {}),
    }),
  );
}
