import type { Duplex } from 'node:stream';
import type { GuardVerdict, PacketGuard } from './packet-guard.ts';

/**
 * Puts the guard between a connection and the broker, which pulls its bytes with `read()`: a chunk that breaks a limit is never handed on, the
 * connection is destroyed instead. A chunk that begins with a packet goes through `lane` first, which returns what it has not taken itself.
 */
export function guardConnection(
  connection: Duplex,
  guard: PacketGuard,
  refused: (verdict: Exclude<GuardVerdict, 'ok'>) => void,
  lane: (chunk: Buffer) => Buffer,
): void {
  const read = connection.read.bind(connection);
  connection.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk)) return null;
    const begins = guard.betweenPackets;
    const verdict = guard.check(chunk);
    if (verdict === 'ok') {
      const rest = begins ? lane(chunk) : chunk;
      return rest.length > 0 ? rest : null;
    }
    refused(verdict);
    connection.destroy();
    return null;
  };
}
