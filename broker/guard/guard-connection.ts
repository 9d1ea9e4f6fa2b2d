import type { Duplex } from 'node:stream';
import type { GuardVerdict, PacketGuard } from './packet-guard.ts';

/**
 * Puts the guard between a connection and the broker, which pulls its bytes with `read()`: a chunk that breaks a limit is
 * never handed on, the connection is destroyed instead.
 */
export function guardConnection(
  connection: Duplex,
  guard: PacketGuard,
  refused: (verdict: Exclude<GuardVerdict, 'ok'>) => void,
): void {
  const read = connection.read.bind(connection);
  connection.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array)) return null;
    const verdict = guard.check(chunk);
    if (verdict === 'ok') return chunk;
    refused(verdict);
    connection.destroy();
    return null;
  };
}
