type Environment = Readonly<Record<string, string | undefined>>;

/** Absent: in this process, without an address. */
export type Endpoints = { dynamodb?: string | undefined; sqs?: string | undefined };

export type AwsAccess = {
  /** For the clients in this process. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** For the functions' clients, which read it by themselves. */
  environment: Record<string, string>;
};

/** For a service that does not ask who calls. */
export const anyCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A port that nothing listens on: any other service of AWS is refused here, at once, instead of on the internet. */
const nowhere = 'http://127.0.0.1:1';

/** How clients reach the two services: the given credentials, or made-up ones, which the embedded services do not check. */
export function awsAccess(given: Environment, region: string, endpoints: Endpoints): AwsAccess {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = anyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey = anyCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: otherServices = nowhere,
  } = given;
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    environment: {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken } : {}),
      AWS_ENDPOINT_URL: otherServices,
      ...(endpoints.dynamodb ? { AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb } : {}),
      ...(endpoints.sqs ? { AWS_ENDPOINT_URL_SQS: endpoints.sqs } : {}),
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  };
}
