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

/** Sends the beginning of a request, and breaks off. Resolves when the connection is gone. */
async function breakOff(port: number, beginning: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const gone = once(socket, 'close');
  // An answer may come first: it is not read to its end.
  socket.write(beginning, () => socket.resetAndDestroy());
  await gone;
}

/** Breaks requests off in the head and in the body, one by one, then sixty at once. */
export async function breakOffMany(port: number, headers: Record<string, string>): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}content-length: 1000\r\n`;
  const beginnings = ['POST', head, `${head}\r\n`, `${head}\r\n{"TableName":`];
  for (const beginning of beginnings) await breakOff(port, beginning);
  await Promise.all(
    Array.from({ length: 60 }, (_, index) => breakOff(port, beginnings[index % beginnings.length] ?? '')),
  );
}
