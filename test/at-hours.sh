#!/usr/bin/env bash
# The tests of `npm test`, or the command that is given, at moments when a clock or a zone that somebody forgot shows itself.
# Debian's libfaketime moves the clock of every process, and leaves the clock alone by which timers wait.
set -uo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- npx vitest run --project units --project whole

library=$(find /usr/lib /usr/local/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
if [ -z "$library" ]; then
  echo 'Nothing was run: libfaketime is not on this machine (apt-get install libfaketime).' >&2
  exit 2
fi

moments='
Europe/Paris    2026-11-24T09:00:00Z  Tuesday, ten in Paris: business hours
UTC             2026-11-27T17:29:30Z  Friday, half a minute before the end of business hours
Pacific/Noumea  2026-03-29T00:59:30Z  half a minute before the clocks of Paris go forward
Europe/Paris    2026-10-25T00:30:00Z  half past two in Paris, for the first time in this night
Europe/Paris    2026-10-25T00:59:30Z  half a minute before the clocks of Paris go back
Pacific/Noumea  2028-02-29T11:00:00Z  the 29th of February, noon in Paris
Europe/Paris    2026-12-31T22:59:30Z  half a minute before the new year in Paris
'

verdicts=()
failed=0
while read -r zone moment what; do
  [ -n "$zone" ] || continue
  printf '\n%s, the machine in %s\n' "$what" "$zone"
  # A shift, and no moment: a process that starts later is later.
  shift_seconds=$(($(date -d "$moment" +%s) - $(date +%s)))
  TZ=$zone LD_PRELOAD=$library FAKETIME=$(printf '%+d' "$shift_seconds") FAKETIME_DONT_FAKE_MONOTONIC=1 "$@" </dev/null
  status=$?
  [ $status = 0 ] || failed=1
  verdicts+=("status $status  $moment, $zone: $what")
done <<<"$moments"

printf '\n'
printf '%s\n' "${verdicts[@]}"
exit $failed
