import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { deepestTile, RoadTiles } from '../map/road-tiles.ts';
import { mapStyle } from '../map/style.ts';
import { TileCache } from '../map/tile-cache.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const cacheBytes = 32 << 20;
/** Part of the revision: a change of what is in a tile makes browsers fetch anew. */
const tileFormat = '1';
/** Spelled in one way only, so that a tile has one address in every cache. */
const Whole = Type.String({ pattern: '^(0|[1-9]\\d{0,4})$' });
const fonts = ['Vazirmatn-Regular.woff2', 'Vazirmatn-Bold.woff2'] as const;
const empty = Buffer.alloc(0);

/** The map without any outside server: vector tiles of our roads, a MapLibre style and its font. */
export const tileRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'graph' | 'facilities' | 'config'>> = async (
  app,
  { graph, facilities, config },
) => {
  const revision = createHash('sha256')
    .update(`${tileFormat} ${graph.mapHash} ${graph.numEdges} ${JSON.stringify(facilities)}`)
    .digest('hex')
    .slice(0, 16);
  const tiles = new RoadTiles(graph, facilities);
  const cache = new TileCache(cacheBytes);
  const fontFolder = join(dirname(createRequire(import.meta.url).resolve('vazirmatn/package.json')), 'fonts/webfonts');
  const fontBytes = new Map<string, Buffer>();
  for (const file of fonts) fontBytes.set(file, await readFile(join(fontFolder, file)));

  /** Everything here is public and may be drawn by other pages, a Grafana map for one. */
  const open = (reply: FastifyReply) =>
    reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });

  async function tile(z: number, x: number, y: number): Promise<Buffer> {
    const key = `${z}/${x}/${y}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const bytes = tiles.cut(z, x, y);
    const packed = bytes === undefined ? empty : await compress(bytes);
    if (cache.get(key) === undefined) cache.add(key, packed);
    return packed;
  }

  app.get(
    '/tiles/:z/:x/:y.mvt',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Mapbox vector tile: layers roads (id = segment id) and facilities',
        tags: ['map'],
        params: Type.Object({ z: Whole, x: Whole, y: Whole }),
      },
    },
    async (request, reply) => {
      const [z, x, y] = [request.params.z, request.params.x, request.params.y].map(Number);
      if (z > deepestTile || x >= 2 ** z || y >= 2 ** z) throw new Problem('not-found', 'no such tile');
      const etag = `"${revision}-${z}-${x}-${y}"`;
      open(reply).headers({ etag, 'cache-control': 'public, max-age=86400', vary: 'accept-encoding' });
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
      const packed = await tile(z, x, y);
      if (packed.length === 0) return reply.code(204).send();
      reply.type('application/vnd.mapbox-vector-tile');
      return takesGzip(request) ? reply.header('content-encoding', 'gzip').send(packed) : decompress(packed);
    },
  );

  app.get(
    '/style.json',
    {
      schema: {
        summary: 'MapLibre style of our tiles and font',
        tags: ['map'],
        querystring: Type.Object({ theme: Type.Optional(Type.Union([Type.Literal('light'), Type.Literal('dark')])) }),
      },
    },
    async (request, reply) => {
      const origin = `${request.protocol}://${request.host}`;
      if (!URL.canParse(origin)) throw new Problem('invalid-request', 'host');
      open(reply).headers({ 'cache-control': 'no-cache', vary: 'host' });
      return mapStyle(origin, request.query.theme ?? 'light', graph.bounds, config.attribution, revision);
    },
  );

  app.get(
    '/fonts/:file',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Vazirmatn',
        tags: ['map'],
        params: Type.Object({ file: Type.Union(fonts.map((file) => Type.Literal(file))) }),
      },
    },
    async (request, reply) => {
      open(reply).header('cache-control', 'public, max-age=31536000, immutable');
      return reply.type('font/woff2').send(fontBytes.get(request.params.file));
    },
  );
};

function takesGzip(request: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(request.headers['accept-encoding'] ?? '');
}
