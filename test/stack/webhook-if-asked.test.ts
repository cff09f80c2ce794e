import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { mockedClient } from '../support/mocked-client.ts';
import { packagedBundles, type Template } from '../support/packaged-bundles.ts';

const { default: WebhookIfAsked } = await import(
  new URL('../../resources/webhook-if-asked.js', import.meta.url).href
);

let withWebhook: Template;

beforeAll(async () => {
  ({ template: withWebhook } = await packagedBundles());
});

/** The template of a deployment, or of a packaging, with this setting. */
async function templateFor(webhook: string, command: 'deploy' | 'package'): Promise<Template> {
  const template = structuredClone(withWebhook);
  const plugin = new WebhookIfAsked({
    service: {
      service: 'clavus-moovago',
      custom: { webhook },
      provider: { stage: 'prod', compiledCloudFormationTemplate: template },
    },
    processedInput: { commands: [command] },
    classes: { Error },
    getProvider: () => ({ getAwsSdkV3Config: async () => ({ region: 'eu-west-3' }) }),
  });
  await plugin.hooks['after:aws:package:finalize:mergeCustomProviderResources']();
  return template;
}

const ofWebhook = (template: Template) =>
  Object.keys(template.Resources).filter((id) => /^(ReceiveWebhook|HttpApi)/.test(id));

const deployed = () => {
  const lambda = mockedClient(LambdaClient);
  lambda.on(GetFunctionConfigurationCommand).resolves({});
  return () => lambda.commandCalls(GetFunctionConfigurationCommand).map(({ args }) => args[0].input);
};
const notDeployed = () => {
  mockedClient(LambdaClient)
    .on(GetFunctionConfigurationCommand)
    .rejects(new ResourceNotFoundException({ message: '', Type: 'User', $metadata: {} }));
};

describe('the webhook, an address on the internet', () => {
  it('is not deployed where nobody asks for it: neither its function, nor its API, nor anything that names them', async () => {
    notDeployed();
    for (const command of ['deploy', 'package'] as const) {
      const template = await templateFor('', command);
      expect(ofWebhook(withWebhook).length).toBeGreaterThan(8);
      expect(ofWebhook(template)).toEqual([]);
      expect(JSON.stringify(template)).not.toMatch(/ReceiveWebhook|receiveWebhook|HttpApi|webhook-refused/);
      expect(Object.keys(template.Resources)).toHaveLength(
        Object.keys(withWebhook.Resources).length - ofWebhook(withWebhook).length,
      );
    }
  });

  it('is deployed where it is asked for', async () => {
    expect(await templateFor('on', 'deploy')).toEqual(withWebhook);
    expect(await templateFor('on', 'package')).toEqual(withWebhook);
  });

  it('stays at an upgrade where it is there, until it is switched off', async () => {
    const asked = deployed();
    expect(await templateFor('', 'deploy')).toEqual(withWebhook);
    expect(asked()).toEqual([{ FunctionName: 'clavus-moovago-prod-receiveWebhook' }]);
    expect(ofWebhook(await templateFor('off', 'deploy'))).toEqual([]);
  });

  it('takes no other word', async () => {
    await expect(templateFor('yes', 'deploy')).rejects.toThrow('WEBHOOK must be on or off.');
  });
});
