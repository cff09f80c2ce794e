import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string };

/** Asks a port of this machine anything, as no browser would let a page. */
export async function ask(port: number, { method = 'POST', path = '/', headers = {}, body = '' }: Asked) {
  const asked = request({ port, host: '127.0.0.1', path, method, headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  const said: string[] = Object.keys(response.headers);
  return { status: response.statusCode, headers: said, body: await text(response) };
}

/** Sends the beginning of a request, and hangs up or breaks off. Resolves when the connection is gone. */
async function breakOff(port: number, beginning: string, end: 'destroy' | 'resetAndDestroy'): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const gone = once(socket, 'close');
  socket.write(beginning, () => socket[end]());
  await gone;
}

/** Breaks requests off in the head and in the body, one by one, then sixty at once. */
export async function breakOffMany(port: number, headers: Record<string, string>, path = '/'): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}content-length: 1000\r\n`;
  const beginnings = ['POST', head, `${head}\r\n`, `${head}\r\n{"TableName":`];
  // Hung up, all of it arrives; broken off, perhaps nothing does.
  const ways = beginnings.flatMap((beginning) => [
    () => breakOff(port, beginning, 'destroy'),
    () => breakOff(port, beginning, 'resetAndDestroy'),
  ]);
  for (const way of ways) await way();
  await Promise.all(Array.from({ length: 60 }, (_, index) => ways[index % ways.length]?.()));
}
