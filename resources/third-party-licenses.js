import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const heading = `This package contains code of these npm packages. Each text stands once, below the packages whose licence it is.`;
const rule = '='.repeat(80);

/** The folder of a package, from the path of a file in it: also of one that lies in another package's node_modules. */
const folderOf = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * The licences of all packages that have a byte in a bundle.
 *
 * @param metafile esbuild's
 * @param serviceDir what its paths are relative to
 * @returns a text, the same one for the same packages
 */
export async function thirdPartyLicenses(metafile, serviceDir) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (path.match(folderOf) ?? []) : [],
  );
  const packages = await Promise.all([...new Set(folders)].map((folder) => read(join(serviceDir, folder))));
  const namesByText = new Map();
  for (const { name, text } of packages.sort((a, b) => (a.name < b.name ? -1 : 1)))
    namesByText.set(text, [...new Set([...(namesByText.get(text) ?? []), name])]);
  const parts = [...namesByText].map(([text, names]) => `${rule}\n${names.join('\n')}\n\n${text}\n`);
  return [`${heading}\n`, ...parts].join('\n');
}

async function read(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0)
    texts.push(await named(license, author?.name ?? author ?? `the authors of ${name}`));
  return { name: `${name} ${version} (${license})`, text: texts.map(normalised).join('\n\n') };
}

/** For a package that only names its licence. MIT's text is that of this project; the others need no copy of their own. */
async function named(license, by) {
  const own = await readFile(new URL('../LICENSE', import.meta.url), 'utf8');
  const text = license === 'MIT' ? own.slice(own.indexOf('Permission')) : `Licence: ${license}`;
  return `Copyright (c) ${by}\n\n${text}`;
}

const normalised = (text) => text.replaceAll('\r\n', '\n').trim();
