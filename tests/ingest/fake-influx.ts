import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line as an independent reader of the line protocol sees it, character by character. Throws on anything not allowed. */
export function parseLine(line: string): {
  series: string;
  tags: Record<string, string>;
  fields: Record<string, string>;
  time: number;
} {
  let at = 0;
  const until = (stops: string): string => {
    let text = '';
    while (at < line.length && !stops.includes(line[at]!)) {
      if (line[at] === '\\' && at + 1 < line.length && ', ='.includes(line[at + 1]!)) at += 1;
      text += line[at];
      at += 1;
    }
    if (text === '') throw new Error(`empty name at ${at}`);
    return text;
  };
  const measurement = until(', ');
  if (measurement.startsWith('#')) throw new Error('a comment');
  const tags: Record<string, string> = {};
  while (line[at] === ',') {
    at += 1;
    const key = until('=, ');
    if (line[at] !== '=') throw new Error(`tag ${key} without a value`);
    at += 1;
    tags[key] = until(',= ');
    if (line[at] === '=') throw new Error(`tag ${key} has two values`);
  }
  const series = line.slice(0, at);
  const fields: Record<string, string> = {};
  do {
    at += 1;
    const key = until('=, ');
    if (line[at] !== '=') throw new Error(`field ${key} without a value`);
    const rest = line.slice(at + 1);
    const value = /^("(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?i?)(?=[, ])/.exec(rest)?.[0];
    if (value === undefined) throw new Error(`field ${key}: ${rest}`);
    fields[key] = value;
    at += 1 + value.length;
  } while (line[at] === ',');
  const time = line.slice(at + 1);
  if (!/^-?\d+$/.test(time)) throw new Error(`time: ${time}`);
  void measurement;
  return { series, tags, fields, time: Number(time) };
}

export type Fault = (lines: string[], response: ServerResponse) => boolean;

/**
 * A strict `/api/v2/write`: token, org, bucket and precision must be right, every line must parse; a batch with a bad line is
 * refused whole, as the worst of servers do. `fault` may answer first and return true. `store` holds series and time to fields.
 */
export async function fakeInflux(options: { maxBytes?: number } = {}) {
  const store = new Map<string, Record<string, string>>();
  const state = { fault: undefined as Fault | undefined, requests: 0 };
  const answer = (response: ServerResponse, status: number, message: string): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 204 ? undefined : JSON.stringify({ code: 'invalid', message }));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += chunk;
    state.requests += 1;
    const lines = body.split('\n');
    if (state.fault?.(lines, response) === true) return;
    const url = new URL(request.url ?? '/', 'http://fake');
    if (request.method !== 'POST' || url.pathname !== '/api/v2/write') return answer(response, 404, 'not found');
    if (request.headers.authorization !== 'Token secret') return answer(response, 401, 'unauthorized');
    if (url.searchParams.get('org') !== 'city' || url.searchParams.get('bucket') !== 'traffic')
      return answer(response, 404, 'bucket not found');
    if (url.searchParams.get('precision') !== 'ms') return answer(response, 400, 'precision');
    if (body.length > (options.maxBytes ?? 1e9)) return answer(response, 413, 'too large');
    try {
      const parsed = lines.map(parseLine);
      for (const one of parsed) store.set(`${one.series} ${one.time}`, one.fields);
      answer(response, 204, '');
    } catch (error) {
      answer(response, 400, `unable to parse: ${String(error)}`);
    }
  };
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    state,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
