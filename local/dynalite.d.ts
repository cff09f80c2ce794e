declare module 'dynalite/db/index.js' {
  export type Store = { lifecycleManager: { gracefulClose(): Promise<void> } };

  const db: {
    /** The tables of a DynamoDB. Without `path` they live in memory. */
    create(options: { createTableMs: number; path?: string }): Store;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  /** Both throw what DynamoDB would answer. */
  const validations: {
    checkTypes(input: object, types: object): object;
    checkValidations(input: object, types: object, custom: unknown, store: Store): void;
  };
  export default validations;
}
