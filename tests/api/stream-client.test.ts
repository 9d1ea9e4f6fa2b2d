import { describe, expect, it } from 'vitest';
import { citizen } from '../../api/principal.ts';
import { StreamClient, type StreamSocket } from '../../api/stream/stream-client.ts';

/** A socket that takes nothing until `drain` is called. */
function slowSocket() {
  const sent: string[] = [];
  const callbacks: (() => void)[] = [];
  const socket = {
    readyState: 1,
    bufferedAmount: 0,
    send: (text: string, done: () => void) => {
      sent.push(text);
      socket.bufferedAmount += text.length;
      callbacks.push(() => {
        socket.bufferedAmount -= text.length;
        done();
      });
    },
    close: () => undefined,
    terminate: () => undefined,
    ping: () => undefined,
  };
  return {
    socket: socket satisfies StreamSocket,
    sent,
    drain: () => {
      while (callbacks.length > 0) callbacks.shift()?.();
    },
  };
}

describe('a live stream that reads slowly', () => {
  const bounds = { frames: 4, bytes: 1000, socketBytes: 10, stallMs: 2000 };

  it('loses what overflows its queue, is told how much before anything newer, and the loss is counted', () => {
    const { socket, sent, drain } = slowSocket();
    let dropped = 0;
    const client = new StreamClient(
      socket,
      citizen,
      'a',
      () => 0,
      (frames) => {
        dropped += frames;
      },
      bounds,
    );
    for (let i = 0; i < 7; i += 1) client.sendText('incident', `"incident ${i}"`);
    drain();
    expect(sent).toEqual(['"incident 0"', '{"type":"gap","dropped":5}', '"incident 6"']);
    expect(dropped).toBe(5);
  });

  it('gets only the newest of the vehicles frames that had to wait, in its place among the others', () => {
    const { socket, sent, drain } = slowSocket();
    const client = new StreamClient(
      socket,
      citizen,
      'a',
      () => 0,
      () => undefined,
      bounds,
    );
    client.sendText('hello', '"a long enough hello"');
    client.sendText('vehicles', '"second 1"');
    client.sendText('incident', '"incident"');
    client.sendText('vehicles', '"second 2"');
    drain();
    expect(sent).toEqual(['"a long enough hello"', '"incident"', '"second 2"']);
  });

  it('never holds more than its bounds, whatever comes', () => {
    const { socket, sent } = slowSocket();
    const client = new StreamClient(
      socket,
      citizen,
      'a',
      () => 0,
      () => undefined,
      bounds,
    );
    for (let i = 0; i < 10_000; i += 1) client.sendText('incident', 'x'.repeat(i % 700));
    expect(sent.join('').length).toBeLessThanOrEqual(bounds.socketBytes + 700);
  });

  it('counts as stalled when nothing was taken for 2 s, and not while it takes a little', () => {
    const { socket, drain } = slowSocket();
    let now = 0;
    const client = new StreamClient(
      socket,
      citizen,
      'a',
      () => now,
      () => undefined,
      bounds,
    );
    client.sendText('hello', '"a long enough hello"');
    client.sendText('incident', '"incident 1, also long"');
    client.sendText('incident', '"incident 2"');
    now = 2000;
    expect(client.stalled()).toBe(false);
    now = 2001;
    expect(client.stalled()).toBe(true);
    drain();
    expect(client.stalled()).toBe(false);
  });
});
