/**
 * Asks the connector, with the key that stands in this page's address.
 * @param {string} address
 * @param {{ method?: string, body?: string, signal?: AbortSignal }} [options]
 */
export const ask = (address, options = {}) =>
  fetch(address, {
    ...options,
    headers: { authorization: `Bearer ${location.hash.slice(1)}`, 'content-type': 'application/json' },
  });
