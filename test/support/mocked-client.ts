import { mockClient } from 'aws-sdk-client-mock';
import { onTestFinished } from 'vitest';

/** All clients of a class, scripted until the test ends: the tests that come after it, in the same process, have the real ones. */
export const mockedClient: typeof mockClient = (client) => {
  const mock = mockClient(client);
  onTestFinished(() => mock.restore());
  return mock;
};
