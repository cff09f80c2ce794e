import type { WirePlan } from './wire-plan.ts';

type Path = readonly (string | number)[];
/** What an error is about, as the server means it. */
type About = 'refusal' | 'invalid' | 'throttle' | 'trouble';

const js = {
  refusal: 'BAD_USER_INPUT',
  invalid: 'GRAPHQL_VALIDATION_FAILED',
  throttle: 'THROTTLED',
  trouble: 'INTERNAL_SERVER_ERROR',
} as const;
const java = {
  refusal: 'DataFetchingException',
  invalid: 'ValidationError',
  throttle: 'ThrottlingException',
  trouble: 'INTERNAL_ERROR',
} as const;
const words = {
  throttle: 'Rate limit exceeded, retry later',
  trouble: 'connection to the database timed out',
} as const;

/** An entry of `errors`, in the dialect of the run's servers. */
export function errorOf(
  { dialect, masksErrors }: WirePlan,
  about: About,
  { path, reason = words.trouble }: { path?: Path; reason?: string },
) {
  if (masksErrors && about !== 'invalid' && about !== 'throttle')
    return {
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
      ...(path && { path }),
    };
  const said = about === 'throttle' ? words.throttle : about === 'trouble' ? words.trouble : reason;
  if (dialect === 'graphql-js')
    return {
      message: said,
      locations: [{ line: 1, column: 1 }],
      ...(path && { path }),
      extensions: { code: js[about] },
    };
  const place = path && about === 'refusal' ? `Exception while fetching data (/${path.join('/')}) : ` : '';
  return {
    message: `${place}${said}`,
    ...(path && { path }),
    locations: [],
    errorType: java[about],
    extensions: null,
  };
}
