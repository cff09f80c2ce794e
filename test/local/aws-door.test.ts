import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAwsDoor } from '../../local/aws-door.ts';
import { AwsFailure } from '../../local/aws-failure.ts';
import { type Asked, ask, breakOffMany } from '../support/stranger.ts';

const key = 'f00d'.repeat(16);
const region = 'eu-west-3';

/** A door to a DynamoDB that answers everything and to an SQS that refuses everything, with what they are asked. */
async function door() {
  const asked: string[] = [];
  const opened = await openAwsDoor({
    accessKeyId: key,
    dynamodb: async (call, input) => {
      asked.push(`${call} ${input}`);
      if (call === 'ListTables') throw new Error('broken');
      return '{"Item":{"pk":{"S":"Dupont"}}}';
    },
    sqs: async (call) => {
      throw new AwsFailure('QueueDoesNotExist', `${call}: no such queue`);
    },
  });
  onTestFinished(opened.close);
  const port = Number(new URL(opened.endpoint).port);
  const host = `127.0.0.1:${port}`;
  const signed = (accessKeyId: string, target = 'DynamoDB_20120810.GetItem') => ({
    host,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const client = (accessKeyId: string) => ({
    endpoint: opened.endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return { asked, port, signed, client };
}

const get = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });

describe('a door to services of this process', () => {
  it('lets in clients of the SDK that have the key, and tells them what the services answer', async () => {
    const { asked, client } = await door();
    const dynamodb = new DynamoDBClient(client(key));
    expect((await dynamodb.send(get)).Item).toEqual({ pk: { S: 'Dupont' } });
    expect(asked).toEqual(['GetItem {"TableName":"t","Key":{"pk":{"S":"a"}}}']);
    const Item = { pk: { S: 'a'.repeat(300_000) } };
    await dynamodb.send(new PutItemCommand({ TableName: 't', Item }));
    expect(JSON.parse(asked[1]?.replace('PutItem ', '') ?? '').Item).toEqual(Item);
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'InternalServerError',
    });
    const send = new SendMessageCommand({ QueueUrl: 'http://127.0.0.1:1/0/q', MessageBody: 'a' });
    await expect(new SQSClient(client(key)).send(send)).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'SendMessage: no such queue',
    });
  });

  it('lets in nobody without the key, no page of a browser, and nothing that is meant for another name', async () => {
    const { asked, port, signed, client } = await door();
    const requests: Asked[] = [
      { headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' } },
      { headers: signed('local') },
      { headers: signed(key.slice(1)) },
      { headers: signed(`${key}0`) },
      { headers: { ...signed(key), authorization: `Bearer ${key}` } },
      { headers: { ...signed(key), origin: 'http://evil.example' } },
      { headers: { ...signed(key), origin: `http://127.0.0.1:${port}` } },
      { headers: { ...signed(key), origin: 'null' } },
      { headers: { ...signed(key), host: `evil.example:${port}` } },
      { headers: { ...signed(key), host: '127.0.0.1' } },
      { headers: { ...signed(key), host: '127.0.0.1:1' } },
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=SendMessage' },
      {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      },
      { method: 'GET' },
    ];
    const refused = { status: 403, body: '{"__type":"AccessDeniedException"}' };
    for (const request of requests) {
      const { headers, ...answer } = await ask(port, request);
      expect({ request, ...answer }).toEqual({ request, ...refused });
      expect(headers.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    await expect(new DynamoDBClient(client('local')).send(get)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(asked).toEqual([]);
    expect((await ask(port, { headers: signed(key), body: '{}' })).status).toBe(200);
    expect((await ask(port, { headers: signed(key, 'AmazonSSM.GetParameter') })).status).toBe(404);
    expect(asked).toEqual(['GetItem {}']);
  });

  it('goes on when requests break off, with the key and without it, one by one and sixty at once', async () => {
    const { asked, port, signed } = await door();
    const { host: _, ...withKey } = signed(key);
    await breakOffMany(port, withKey);
    await breakOffMany(port, {});
    expect(asked).toEqual([]);
    expect((await ask(port, { headers: signed(key), body: '{}' })).status).toBe(200);
  });

  it('tells a service that waits when its caller has gone', async () => {
    const waiting = Promise.withResolvers<AbortSignal>();
    const opened = await openAwsDoor({
      accessKeyId: key,
      sqs: async (_call, _input, signal = AbortSignal.abort()) => {
        waiting.resolve(signal);
        return await new Promise(() => {});
      },
    });
    onTestFinished(opened.close);
    const controller = new AbortController();
    const headers = {
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/sqs/aws4_request`,
    };
    const asked = fetch(opened.endpoint, { method: 'POST', headers, signal: controller.signal });
    const signal = await waiting.promise;
    expect(signal.aborted).toBe(false);
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve));
    controller.abort();
    await expect(asked).rejects.toThrow('aborted');
    await gone;
  });
});
