import { join } from 'node:path';
import { promisify } from 'node:util';
import db, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { buildApp } from 'fauxqs';
import { z } from 'zod';
import { AwsFailure } from './aws-failure.ts';
import { type AwsService, jsonType } from './in-process-requests.ts';

/** A service that others have written, in this process and without a port: theirs would let in every page of a browser. */
export type Emulator = { service: AwsService; close(): Promise<void> };

/** What a service says of a request that it refuses. */
const refusal = z
  .object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() })
  .transform(
    ({ __type, message, Message }) => new AwsFailure(__type.replace(/^.*#/, ''), message ?? Message ?? ''),
  );

/** An SQS, in memory. */
export function openFauxqs(region: string): Emulator {
  const app = buildApp({ logger: false, defaultRegion: region });
  return {
    service: async (call, input) => {
      const headers = { host: 'localhost', 'content-type': jsonType, 'x-amz-target': `AmazonSQS.${call}` };
      const { statusCode, payload } = await app.inject({ method: 'POST', url: '/', headers, payload: input });
      if (statusCode !== 200) throw refusal.parse(JSON.parse(payload));
      return payload;
    },
    close: async () => await app.close(),
  };
}

/** A DynamoDB: in memory, or in `<dataDir>/dynamodb`, as version 0.1.0 kept its state. */
export function openDynalite(dataDir: string | undefined): Emulator {
  const store = db.create({
    createTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }),
  });
  return {
    service: async (call, input) => {
      const { types, custom, act } = await operation(call);
      try {
        const checked = validations.checkTypes(JSON.parse(input), types);
        validations.checkValidations(checked, types, custom, store);
        return JSON.stringify(await act(store, checked));
      } catch (error) {
        const refused = refusal.safeParse(Object(error).body);
        throw refused.success ? refused.data : error;
      }
    },
    close: () => store.lifecycleManager.gracefulClose(),
  };
}

/** What dynalite does in a call, and what it checks before. */
async function operation(call: string) {
  const file = `${call.charAt(0).toLowerCase()}${call.slice(1)}.js`;
  const [action, validation] = await Promise.all([
    import(`dynalite/actions/${file}`),
    import(`dynalite/validations/${file}`),
  ]);
  return {
    types: validation.types,
    custom: validation.custom,
    act: promisify<Store, object, object>(action.default),
  };
}
