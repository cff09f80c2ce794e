/**
 * The element with this id.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** @param {string} id */
export const box = (id) => part(id, HTMLElement);
/** @param {string} id */
export const button = (id) => part(id, HTMLButtonElement);

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes] `text` is its content
 * @param {(Node | string)[]} children
 */
export function html(tag, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {Node[]} children
 */
export function svg(tag, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Leaves alone what says it already: screen readers and selections are not disturbed each second.
 * @param {Element} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Brings a list to these items. Elements stay as long as their item does, so that focus and selection do too.
 * @template Item
 * @param {Element} list
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => HTMLElement} create
 * @param {(element: HTMLElement, item: Item) => void} update
 */
export function showList(list, items, keyOf, create, update) {
  const focused = document.activeElement;
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  for (const child of list.children)
    if (child instanceof HTMLElement) known.set(child.dataset.key ?? '', child);
  items.forEach((item, index) => {
    const key = keyOf(item);
    const element = known.get(key) ?? create(item);
    known.delete(key);
    element.dataset.key = key;
    update(element, item);
    const standing = list.children[index] ?? null;
    if (standing !== element) list.insertBefore(element, standing);
  });
  for (const gone of known.values()) gone.remove();
  // What was moved lost it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected)
    focused.focus({ preventScroll: true });
}

/**
 * The part of an element that has this class.
 * @param {Element} element
 * @param {string} name
 */
export function inside(element, name) {
  const found = element.querySelector(`.${name}`);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${name} in it`);
  return found;
}
