import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { attempt } from '../lib/framework/attempt.ts';
import { ConfigurationError } from '../lib/framework/errors.ts';
import { type ServiceEnvironment, serviceEnvironment } from './service-environment.ts';

/** Where a key goes, and the header that it goes in. */
const addresses = ['CLAVUS_API_URL', 'MOOVAGO_API_URL', 'MOOVAGO_API_KEY_HEADER'] as const;

/**
 * Addresses and keys of both systems: of this machine from its environment. Of a deployed stage the addresses come from the
 * configuration of its functions, because its keys must reach no other address; its keys are in SSM.
 * @throws ConfigurationError for a stage that is not deployed, and where the shell sets another address than it has
 */
export async function environmentOf(stage: string | undefined): Promise<ServiceEnvironment> {
  if (stage === undefined) return serviceEnvironment(process.env);
  const deployed = await deployedVariables(stage);
  const ofStage = [...addresses, 'PRIVATE_HOSTS'].map((name) => [name, deployed[name]] as const);
  const environment = serviceEnvironment(Object.fromEntries(ofStage));
  for (const name of addresses) {
    const set = process.env[name]?.trim();
    if (set && set !== environment[name])
      throw new ConfigurationError(
        name,
        `is another in this shell than on stage ${stage}, whose key goes to its own address only. Unset it here, or set it in .env.${stage} and deploy.`,
      );
  }
  return environment;
}

/** All functions of a stage have the same addresses. */
async function deployedVariables(stage: string): Promise<Record<string, string>> {
  const FunctionName = `clavus-moovago-${stage}-pollClavus`;
  const lambda = new LambdaClient({});
  const found = await attempt(lambda.send(new GetFunctionConfigurationCommand({ FunctionName })));
  const region = await lambda.config.region();
  lambda.destroy();
  if (found.ok) return found.value.Environment?.Variables ?? {};
  if (!(found.error instanceof ResourceNotFoundException)) throw found.error;
  throw new ConfigurationError(
    '--stage',
    `there is no function ${FunctionName} in ${region}. Deploy the stage, or set AWS_REGION.`,
  );
}
