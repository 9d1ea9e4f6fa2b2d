import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './error-handler.ts';
import { Problem } from './problem.ts';

/**
 * Serves the built web app: files with a hash in their name for ever, the page itself asked for anew each time.
 * Addresses of the app's own views (no dot, asked for as HTML) get the page. Where the folder is missing, only problems.
 */
export async function serveWebApp(app: FastifyInstance, webRoot: string): Promise<void> {
  const root = resolve(webRoot);
  const built = existsSync(join(root, 'index.html'));
  if (built)
    await app.register(fastifyStatic, {
      root,
      cacheControl: false,
      dotfiles: 'deny',
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(root, 'assets'));
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  app.setNotFoundHandler((request, reply) =>
    built && isView(request)
      ? reply.header('cache-control', 'no-cache').sendFile('index.html')
      : sendProblem(request, reply, new Problem('not-found')),
  );
}

function isView(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0];
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    (request.headers.accept ?? '').includes('text/html') &&
    !/^\/(?:api|docs|tiles|fonts|assets)(?:\/|$)/.test(path) &&
    !path.includes('.')
  );
}
