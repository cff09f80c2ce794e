import * as z from 'zod';
import { ConfigurationError, Rejected, TryLater } from '../framework/errors.ts';
import { parseJsonAnswer } from '../framework/json-answer.ts';
import { parseAnswer } from '../framework/parse-answer.ts';
import { createServiceFetch, keysIn, type ServiceFetchOptions } from '../framework/service-fetch.ts';
import { serviceSettings } from '../framework/service-settings.ts';
import { vendorText } from '../framework/vendor-text.ts';

const system = 'Clavus';
const operation = 'downloadFile';

const file = z
  .object({
    status: z.literal('success'),
    data: z.object({ s3Url: z.url({ protocol: /^https?$/ }) }),
  })
  .transform((answer) => ({ url: answer.data.s3Url }));

const problem = z.object({ status: z.literal('error'), message: z.string() });

/**
 * `POST /api/downloadFile`, the only operation of Clavus that is not GraphQL. It returns a link to a file of a column.
 * The link expires, and anyone who has it can read the file: never log it. The guide names no host for it; using the
 * host of the GraphQL address is an assumption.
 */
export function createDownloadFile(
  options: ServiceFetchOptions & { url: URL; headers: () => Promise<Record<string, string>> },
): (fileId: string) => Promise<{ url: string }> {
  const exchange = createServiceFetch(options);
  const address = new URL('/api/downloadFile', options.url);
  return async (fileId) => {
    const keyHeaders = await options.headers();
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ fileId }) };
    const response = await exchange(address, init, { keyHeaders });
    const answer = readJson(await response.text());
    if (!response.ok) {
      throw refusal(response.status, answer, keysIn(keyHeaders));
    }
    return parseAnswer(file, answer, { system, operation });
  };
}

/** Text that is not JSON counts as no answer: no schema accepts it. */
function readJson(text: string): unknown {
  try {
    return parseJsonAnswer(text);
  } catch {
    return undefined;
  }
}

/**
 * The guide documents 400 and 404 with a reason, which concerns this file only. A 404 without one means a wrong
 * address.
 */
function refusal(status: number, answer: unknown, hidden: string[]): Error {
  const { data } = problem.safeParse(answer);
  if (data !== undefined) {
    return new Rejected(`${system} refused ${operation} (${status})`, {
      system,
      reason: vendorText(data.message, hidden),
    });
  }
  if (status === 404 || status === 405) {
    return new ConfigurationError(
      serviceSettings[system].url,
      `nothing answers ${operation} there (${status}).`,
    );
  }
  return new TryLater(`${system} did not take the request (${status})`, { system, status, applied: 'no' });
}
