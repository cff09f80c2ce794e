import { box, button, html, inside, say, showList } from './elements.js';

/** @typedef {import('../snapshot.ts').BoardSnapshot} Snapshot */
/** @typedef {Snapshot['failed']['failures'][number]} Failure */

/**
 * Shows the folders that somebody has to look at.
 * @param {Snapshot} snapshot
 * @param {import('./speaker.js').Speaker} speaker
 * @param {{ retry: (id: string) => void, open: (folderId: string) => void, compare: (folderId: string) => void, asked: ReadonlySet<string>, opens: ReadonlySet<string> }} page
 */
export function showFailures({ at, failed }, { words, number, ago }, page) {
  const { total, failures } = failed;
  say(box('failures-count'), total === 0 ? '' : number(total));
  box('failures-none').hidden = total > 0;
  button('retry-all').hidden = failures.length < 2;
  showList(
    box('failures'),
    failures,
    ({ id }) => id,
    (failure) => create(failure, page),
    (element, failure) => {
      const { why, next } = words.kinds[failure.kind];
      const part = failure.entity === 'company' ? '' : ` · ${words.entities[failure.entity]}`;
      const name = (failure.name || failure.folderId) + part;
      const field = failure.field?.replace('company.', '') ?? '';
      const retry = inside(element, 'retry');
      const open = inside(element, 'open');
      const isAsked = page.asked.has(failure.id);
      say(inside(element, 'name'), name);
      say(inside(element, 'since'), words.since(ago(failure.since, at)));
      say(inside(element, 'why'), `${why(words.fields[field] ?? field)} ${next}`);
      say(inside(element, 'message'), failure.message);
      say(retry, isAsked ? words.asked : words.retry);
      retry.setAttribute('aria-label', `${isAsked ? words.asked : words.retry} ${name}`);
      retry.setAttribute('aria-disabled', String(isAsked));
      say(open, words.open);
      open.setAttribute('aria-label', `${words.open} ${name}`);
      open.hidden = !page.opens.has(failure.folderId);
      const compare = inside(element, 'compare');
      say(compare, words.compare);
      compare.setAttribute('aria-label', `${words.compare} ${name}`);
      compare.hidden = failure.kind !== 'match' || failure.entity !== 'company';
    },
  );
}

/**
 * @param {Failure} failure
 * @param {{ retry: (id: string) => void, open: (folderId: string) => void, compare: (folderId: string) => void }} page
 */
function create({ id, folderId }, { retry, open, compare }) {
  const retryButton = html('button', { type: 'button', class: 'retry' });
  retryButton.addEventListener('click', () => retry(id));
  const openButton = html('button', { type: 'button', class: 'open' });
  openButton.addEventListener('click', () => open(folderId));
  const compareButton = html('button', { type: 'button', class: 'compare' });
  compareButton.addEventListener('click', () => compare(folderId));
  return html(
    'li',
    {},
    html('p', {}, html('strong', { class: 'name' }), ' ', html('span', { class: 'since quiet' })),
    html('p', { class: 'why' }),
    html('p', { class: 'message quiet' }),
    html('p', { class: 'buttons' }, compareButton, retryButton, openButton),
  );
}
