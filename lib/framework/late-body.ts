/** The body of a request that leaves only when the caller allows it. */
export type LateBody = {
  /** Options for `fetch`, in place of the body. */
  init: { body: ReadableStream<Uint8Array>; duplex: 'half' };
  byteLength: number;
  /** The error that stopped it from leaving. */
  refusal(): { error: unknown } | undefined;
  /**
   * Keeps the body from leaving from now on.
   * @returns whether it is still here: then nothing of the request has left
   */
  hold(): boolean;
};

/**
 * Node's `fetch` reads a stream once it has a connection, and writes the head of the request together with the first
 * bytes. So `ready` is awaited on an open connection; if it rejects, nothing was sent. Awaited before `fetch`, it would
 * resolve too early: on a busy machine a new connection takes up to 200 ms.
 */
export function lateBody(text: string, ready: () => Promise<void>): LateBody {
  const bytes = new TextEncoder().encode(text);
  let hasLeft = false;
  let isAsked = false;
  let isHeld = false;
  let refusal: { error: unknown } | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isAsked) {
          isAsked = true;
          // `fetch` reads one chunk before it has a connection, because it keeps a copy of the body. An empty chunk is
          // enough.
          controller.enqueue(new Uint8Array(0));
          return;
        }
        try {
          await ready();
        } catch (error) {
          refusal = { error };
          throw error;
        }
        if (isHeld) throw new Error('the request was held');
        hasLeft = true;
        controller.enqueue(bytes);
        controller.close();
      },
    },
    // Otherwise the stream would be read at once.
    { highWaterMark: 0 },
  );
  return {
    init: { body, duplex: 'half' },
    byteLength: bytes.length,
    refusal: () => refusal,
    hold: () => {
      isHeld = true;
      return !hasLeft;
    },
  };
}
