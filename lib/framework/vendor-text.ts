const lengthMax = 200;
// Enough to find every hidden value, and a limit for a service that answers with a very long text.
const readMax = 20_000;
// Control characters, and invisible characters that change the direction of a line or break it.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/**
 * A service's own words, made safe to show: one line, no control characters, 200 characters at most.
 * @param hidden values that must not be shown; values of fewer than three characters reveal nothing, and stay
 */
export function vendorText(text: string, hidden: readonly string[]): string {
  const shown = hidden
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .filter((value) => value.length >= 3)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, '…'), text.slice(0, readMax).toWellFormed());
  const line = Array.from(shown.replace(unprintable, ' ').trim());
  return line.length <= lengthMax ? line.join('') : `${line.slice(0, lengthMax - 1).join('')}…`;
}
