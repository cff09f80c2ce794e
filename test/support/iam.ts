import type { Template } from './packaged-bundles.ts';

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

/** What somebody may do, or did: the action, and the end of the resource's ARN. */
type Grant = `${string} ${string}`;

const named: Record<string, (properties: Record<string, string>) => string> = {
  'AWS::DynamoDB::Table': ({ TableName }) => `table/${TableName}`,
  'AWS::SQS::Queue': ({ QueueName }) => `${QueueName}`,
  'AWS::Logs::LogGroup': ({ LogGroupName }) => `log-group:${LogGroupName}`,
  'AWS::Lambda::Function': ({ FunctionName }) => `function:${FunctionName}`,
};

function arnEnd(resource: unknown, { Resources }: Template): string {
  const endOf = (id: string) => {
    const { Type = '', Properties } = Resources[id] ?? {};
    const name = named[Type];
    if (!name) throw new Error(`no ARN for ${id}`);
    return name(Properties);
  };
  if (typeof resource === 'string') return resource;
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': text } = Object(resource);
  if (attribute?.[1] === 'Arn') return endOf(attribute[0]);
  // arn:partition:service:region:account:end
  if (typeof text === 'string')
    return text
      .replace(/\$\{(\w+)\.Arn\}/g, (_, id: string) => endOf(id))
      .replace(/^arn:\$\{AWS::Partition\}:\w+:\$\{AWS::Region\}:\$\{AWS::AccountId\}:/, '');
  throw new Error(`a resource that nobody can compare: ${JSON.stringify(resource)}`);
}

/** Everything that a role allows, sorted. */
export function grantsOf(roleId: string, template: Template): Grant[] {
  const policies: { PolicyDocument: { Statement: Statement[] } }[] =
    template.Resources[roleId]?.Properties.Policies ?? [];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource): Grant => `${action} ${arnEnd(resource, template)}`),
        ),
    )
    .sort();
}
