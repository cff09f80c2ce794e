import { afterEach, describe, expect, it, vi } from 'vitest';
import { print, say, sayLines } from '../../cli/print.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a write to a stream of the process is given. */
function heard(stream: 'stdout' | 'stderr', act: () => void): string {
  let text = '';
  vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  act();
  return text;
}

const hostile = 'Dupont\u001b]0;owned\u0007\u009b2J\u202egnp.exe\u200b\n✓ nothing is wrong';

describe('what a terminal shows', () => {
  it('has no escapes, bells, turned text or made-up lines from a value of another system', () => {
    const shown = 'Dupont ]0;owned  2J gnp.exe  ✓ nothing is wrong';
    expect(heard('stdout', () => print({}, {}, [`Name: ${hostile}`, 'end']))).toBe(`Name: ${shown}\nend\n`);
    expect(heard('stderr', () => sayLines([hostile, 'end']))).toBe(`${shown}\nend\n`);
  });

  it('keeps the lines of a message', () => {
    expect(heard('stderr', () => say('one\ntwo\u001b[31m'))).toBe('one\ntwo [31m\n');
  });

  it('is JSON that means the same', () => {
    const json = heard('stdout', () => print({ json: true }, { name: hostile }, []));
    expect(json.trimEnd()).toMatch(/^[\x20-\x7e✓]+$/);
    expect(JSON.parse(json)).toEqual({ name: hostile });
  });
});
