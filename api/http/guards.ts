import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

const json = /^application\/json(?:; ?charset=utf-8)?$/i;
const form = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes URL-encoded forms besides JSON. */
    forms?: boolean;
  }
}

/**
 * Refuses content types outside the list before anything parses or validates: an odd spelling that reaches
 * a parser without reaching the validator is how validation was bypassed before (CVE-2025-32442, CVE-2026-25223).
 */
export function guardContentType(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const type = request.headers['content-type'];
    const length = request.headers['content-length'];
    const hasBody = request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
    if (
      type === undefined ? !hasBody : json.test(type) || (request.routeOptions.config.forms === true && form.test(type))
    )
      return;
    throw new Problem('wrong-content-type', 'send application/json');
  });
}

/** Same-origin everything; the map's worker and styles are ours. Connecting to `'self'` covers the live stream. */
const pagePolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers every answer carries; API answers are never kept by caches unless the route says so. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), payment=()',
    });
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
}
