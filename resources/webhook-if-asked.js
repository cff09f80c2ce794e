import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Everything that is there for the webhook: its function, role, logs and alarms, and the API, which has no other route. */
const isOfWebhook = (id) => /^(ReceiveWebhook|HttpApi)/.test(id);
const named = /receiveWebhook|webhook-refused/;

/**
 * A plugin of osls: the webhook is an address on the internet, and each call of anybody starts a function. So it is deployed
 * with `WEBHOOK=on` only. Without that setting a deployment keeps the one that its stage has.
 */
export default class WebhookIfAsked {
  constructor(serverless) {
    const { service, processedInput, classes } = serverless;
    const isDeployment = processedInput.commands.join(' ') === 'deploy';
    const isWanted = async () => {
      const asked = service.custom.webhook;
      if (!['on', 'off', ''].includes(asked))
        throw new classes.Error('WEBHOOK must be on or off.', 'WEBHOOK');
      if (asked !== '') return asked === 'on';
      return isDeployment && isThere(serverless.getProvider('aws'), service);
    };
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': async () => {
        if (!(await isWanted())) leaveOutWebhook(service.provider.compiledCloudFormationTemplate);
      },
    };
  }
}

async function isThere(provider, { service, provider: { stage } }) {
  const lambda = new LambdaClient(await provider.getAwsSdkV3Config());
  const FunctionName = `${service}-${stage}-receiveWebhook`;
  try {
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return true;
  } catch (error) {
    if (error.name === 'ResourceNotFoundException') return false;
    throw error;
  }
}

/** Changes the template. */
export function leaveOutWebhook({ Resources, Outputs = {} }) {
  for (const part of [Resources, Outputs])
    for (const id of Object.keys(part).filter(isOfWebhook)) delete part[id];
  const { DashboardBody } = Resources.Dashboard.Properties;
  DashboardBody['Fn::Sub'] = JSON.stringify(withoutWebhook(JSON.parse(DashboardBody['Fn::Sub'])));
}

/** What the dashboard shows, but what is of the webhook. A log query that names a group that is not there shows nothing. */
function withoutWebhook(shown) {
  if (typeof shown === 'string') return shown.replaceAll(/ \| SOURCE '[^']*receiveWebhook'/g, '');
  if (Array.isArray(shown))
    return shown.filter((one) => !isOfWebhookOnly(one)).map((one) => withoutWebhook(one));
  if (typeof shown !== 'object' || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, withoutWebhook(value)]));
}

/** An alarm, or a line of a chart. */
const isOfWebhookOnly = (one) =>
  (typeof one === 'string' || (Array.isArray(one) && one.every((part) => !Array.isArray(part)))) &&
  named.test(JSON.stringify(one));
