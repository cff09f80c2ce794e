/** Where programs are, and what changes the time and the zone of this machine (test/at-hours.sh): a child that went without it would be elsewhere in time. */
const names = ['PATH', 'HOME', 'TZ', 'LD_PRELOAD', 'FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC'];

/** What a child process is given of the environment of this one: nothing that a developer may have set for the connector. */
export const surroundings: Record<string, string> = Object.fromEntries(
  names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);
