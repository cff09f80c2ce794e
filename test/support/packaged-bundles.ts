import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

const run = promisify(execFile);

/** Packages the functions as for a deployment, without credentials, and unpacks what would be uploaded. */
export async function packagedBundles(
  folder: string,
): Promise<{ folder: string; zippedBytes: Map<string, number> }> {
  const { PATH = '', HOME = '' } = process.env;
  const packages = join(folder, 'packages');
  await run('npx', ['osls', 'package', '--stage', 'test', '--package', packages], { env: { PATH, HOME } });
  const zippedBytes = new Map<string, number>();
  for (const name of (await readdir(packages)).filter((file) => file.endsWith('.zip'))) {
    const zip = await readFile(join(packages, name));
    zippedBytes.set(name.replace('.zip', ''), zip.length);
    for (const [path, content] of Object.entries(unzipSync(zip))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
  return { folder, zippedBytes };
}
