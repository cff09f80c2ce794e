import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';

const { default: RefuseLocalAddresses } = await import(
  new URL('../../resources/refuse-local-addresses.js', import.meta.url).href
);

it("A deployment that would take this machine's addresses for a stage's is refused", async () => {
  const serviceDir = await temporaryFolder();
  const service = { provider: { stage: 'prod' } };
  const { hooks } = new RefuseLocalAddresses({ service, serviceDir, classes: { Error } });
  const deploy = () => {
    for (const hook of Object.values<() => void>(hooks)) hook();
  };
  expect(Object.keys(hooks)).toEqual(['before:deploy:deploy', 'before:deploy:function:initialize']);
  expect(deploy).not.toThrow();

  // As osls does where there is no `.env.prod`: the variables of `.env` are those of the process.
  await writeFile(join(serviceDir, '.env'), 'CLAVUS_API_URL=https://sandbox.example/a\nCLAVUS_API_KEY=k\n');
  process.env.CLAVUS_API_URL = 'https://sandbox.example/a';
  onTestFinished(() => void delete process.env.CLAVUS_API_URL);
  expect(deploy).toThrow(
    'CLAVUS_API_URL: .env is for this machine, and would be deployed to stage prod. Set it in .env.prod.',
  );
  process.env.CLAVUS_API_URL = 'https://clavus.example/a';
  expect(deploy).not.toThrow();
  process.env.CLAVUS_API_URL = 'https://sandbox.example/a';
  await writeFile(join(serviceDir, '.env.prod'), '');
  expect(deploy).not.toThrow();
});
