/** The body of a request that leaves no sooner than somebody says. */
export type LateBody = {
  /** For `fetch`, in the place of the body. */
  init: { body: ReadableStream<Uint8Array>; duplex: 'half' };
  byteLength: number;
  /** Whether it was given out: before that, nothing of the request has left. */
  hasLeft(): boolean;
  /** What kept it from leaving. */
  refusal(): { error: unknown } | undefined;
};

/**
 * Node's `fetch` takes a stream's bytes when it has a connection, and writes the head of the request together with the first
 * of them. Whatever `ready` waits for is thus waited for on an open connection, and where it rejects, nothing was sent.
 * Asked before `fetch`, it would be asked some turns too early: on a busy machine a new connection takes up to 200 ms.
 */
export function lateBody(text: string, ready: () => Promise<void>): LateBody {
  const bytes = new TextEncoder().encode(text);
  let hasLeft = false;
  let isAsked = false;
  let refusal: { error: unknown } | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isAsked) {
          isAsked = true;
          // One chunk is asked for ahead of the connection (`fetch` keeps a copy of the body): it may as well be an empty one.
          controller.enqueue(new Uint8Array(0));
          return;
        }
        try {
          await ready();
        } catch (error) {
          refusal = { error };
          throw error;
        }
        hasLeft = true;
        controller.enqueue(bytes);
        controller.close();
      },
    },
    // Or it would be asked for at once.
    { highWaterMark: 0 },
  );
  return {
    init: { body, duplex: 'half' },
    byteLength: bytes.length,
    hasLeft: () => hasLeft,
    refusal: () => refusal,
  };
}
