import type { Socket } from 'node:net';
import { type ProblemCode, problemBody, problems } from './problem.ts';

const byCode: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'too-large',
};

/** Answers what is not HTTP at all, or came too slowly, and closes; nothing of it reached a route. */
export function refuseBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = byCode[error.code ?? ''] ?? 'invalid-request';
  const body = problemBody(code, 'en', '', 'none', {});
  const { status } = problems[code];
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroySoon(),
  );
}
