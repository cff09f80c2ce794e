import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { thirdPartyLicenses } from './third-party-licenses.js';

/** Other ways to get credentials than Lambda's, which gives them in the environment: never loaded there. */
const external = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** What CommonJS packages call, in a bundle that is a module. */
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** One time for every file: the same code makes the same zip, and a deployment that changes nothing sends nothing. */
const mtime = new Date(1980, 0, 2);

/** A plugin of osls: each function is packaged alone, as one bundle in a zip, with the licences of what is in it. */
export default class PackageFunctions {
  constructor({ service, serviceDir }) {
    const packageAll = () =>
      Promise.all(
        service.getAllFunctions().map((name) => packageFunction(name, service.getFunction(name), serviceDir)),
      );
    this.hooks = {
      'before:package:createDeploymentArtifacts': packageAll,
      'before:deploy:function:packageFunction': packageAll,
    };
  }
}

async function packageFunction(name, definition, serviceDir) {
  const entry = definition.handler.slice(0, -extname(definition.handler).length);
  const { outputFiles, metafile } = await build({
    absWorkingDir: serviceDir,
    entryPoints: [`${entry}.ts`],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    // Nothing is written: the metafile only needs a name.
    outfile: `${entry}.mjs`,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external,
    banner: { js: banner },
  });
  const [bundle] = outputFiles;
  const files = {
    [`functions/${basename(entry)}.mjs`]: bundle.contents,
    'THIRD-PARTY-LICENSES.txt': strToU8(await thirdPartyLicenses(metafile, serviceDir)),
  };
  const zip = zipSync(files, { level: 9, mtime });
  const folder = join(serviceDir, '.serverless');
  await mkdir(folder, { recursive: true });
  const artifact = join(folder, `${name}.zip`);
  await writeFile(artifact, zip);
  definition.package = { ...definition.package, artifact };
}
