import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { writeEnvFile } from '../../../cli/init/env-file.ts';
import { temporaryFolder } from '../../support/command-line.ts';

it('settings are replaced or added in .env, whatever they hold, and all else stays', async () => {
  const file = join(await temporaryFolder(), '.env');
  await writeFile(file, '# mine\nOTHER=1\nexport CLAVUS_API_KEY=old\n\n', { mode: 0o644 });
  const variables = {
    CLAVUS_API_KEY: "k#y with 'quotes'",
    MOOVAGO_API_KEY: 'a=b+/==',
    MOOVAGO_API_URL: 'https://m/g?x=1&y=$z',
  };
  await writeEnvFile(file, variables);
  const text = await readFile(file, 'utf8');
  expect(text.startsWith('# mine\nOTHER=1\n')).toBe(true);
  expect(parseEnv(text)).toEqual({ OTHER: '1', ...variables });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('a value that no such file can hold is refused without being shown', async () => {
  const file = join(await temporaryFolder(), '.env');
  await expect(writeEnvFile(file, { CLAVUS_API_KEY: 'canary\nkey' })).rejects.toThrow(
    /^CLAVUS_API_KEY: holds characters that \.env cannot hold\. Set it in the environment\.$/,
  );
});
