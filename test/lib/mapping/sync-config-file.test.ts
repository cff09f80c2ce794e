import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonOf, runCommand, temporaryFolder } from '../../support/command-line.ts';

/** What `check --offline` says of a configuration file, as Node itself reads it. */
async function problemsWith(text: string, { name = 'sync.config.ts', isRelative = false } = {}) {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, text);
  const named = isRelative ? relative(process.cwd(), file) : file;
  const finished = await runCommand(['check', '--offline', '--json', '--config', named]);
  const { problems } = jsonOf(finished) as { problems: { where: string; message: string }[] };
  return problems.filter(({ where }) => where === named).map(({ message }) => message);
}

describe('a configuration file that cannot be loaded', () => {
  const missingComma = "export default {\n  company: {\n    name: 'nom'\n    city: 'ville',\n  },\n};\n";

  it.each([true, false])(
    'is told with the line that Node stopped at (named by a relative path: %s)',
    async (isRelative) => {
      expect(await problemsWith(missingComma, { isRelative })).toEqual([
        "cannot be loaded, line 4: Expected ',', got 'ident'",
      ]);
    },
  );

  it('also where it is a name that there is not', async () => {
    expect(await problemsWith('export default {\n  company: { name: nom },\n};\n')).toEqual([
      'cannot be loaded, line 2: nom is not defined',
    ]);
  });

  it('and once only where the message has it', async () => {
    expect(await problemsWith('{ "company": 1,\n }\n', { name: 'sync.config.json' })).toEqual([
      expect.stringMatching(/^cannot be loaded: .*\(line 2 column 2\)$/),
    ]);
  });
});
