/**
 * The oldest major version of Node.js that strips types and that the tests ran on. `npm ci` installs one for the machines that
 * package.json names; on any other the machine's own runs this.
 */
const oldest = 24;

// Plain JavaScript that an old Node can read too, or its own words about file extensions would be all that a person gets.
const { node } = process.versions;
if (Number.parseInt(node, 10) < oldest) {
  process.stderr.write(
    `clavus-moovago needs Node.js ${oldest} or newer, and this is ${node}: after npm ci, start it with npx or npm run; where ` +
      `that runs this version too, install Node.js ${oldest} from https://nodejs.org.\n`,
  );
  process.exit(2);
}
