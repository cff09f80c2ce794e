import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Where a key goes, and the header that it goes in. */
const addresses = ['CLAVUS_API_URL', 'MOOVAGO_API_URL', 'MOOVAGO_API_KEY_HEADER'];

/**
 * A plugin of osls, which reads `.env` if a stage has no `.env.<stage>`. That file is for this machine and may name a sandbox:
 * the stage would send its own keys there. So a deployment that takes an address from it is refused.
 */
export default class RefuseLocalAddresses {
  constructor({ service, serviceDir, classes }) {
    const refuse = () => {
      const { stage } = service.provider;
      const file = join(serviceDir, '.env');
      if (existsSync(join(serviceDir, `.env.${stage}`)) || !existsSync(file)) return;
      const local = parseEnv(readFileSync(file, 'utf8'));
      const taken = addresses.filter((name) => local[name] && local[name] === process.env[name]);
      if (taken.length > 0)
        throw new classes.Error(
          `${taken.join(', ')}: .env is for this machine, and would be deployed to stage ${stage}. Set it in .env.${stage}.`,
          'LOCAL_ADDRESSES',
        );
    };
    this.hooks = { 'before:deploy:deploy': refuse, 'before:deploy:function:initialize': refuse };
  }
}
