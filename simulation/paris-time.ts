const hourMs = 3_600_000;

/** The last Sunday of a month, 01:00 UTC: when the European Union changes its clocks. */
function clockChange(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0));
  return Date.UTC(year, month, lastDay.getUTCDate() - lastDay.getUTCDay(), 1);
}

/** Monday to Friday, 8:00 to 18:30 in Paris: written down a second time, so that the oracle does not ask whom it tests. */
export function isParisBusinessTime(at: number): boolean {
  const year = new Date(at).getUTCFullYear();
  const isSummer = at >= clockChange(year, 2) && at < clockChange(year, 9);
  const local = new Date(at + (isSummer ? 2 : 1) * hourMs);
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  return local.getUTCDay() >= 1 && local.getUTCDay() <= 5 && minute >= 8 * 60 && minute < 18 * 60 + 30;
}
