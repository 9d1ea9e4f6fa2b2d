import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { parseBoundingBox } from '../map/bounding-box.ts';
import { cityIndex } from '../map/city-index.ts';
import { edgeLine } from '../map/edge-geometry.ts';
import { answers, BoundingBoxText, Limit, TrafficSegmentSchema } from '../schemas.ts';

const nullableNumber = Type.Union([Type.Number(), Type.Null()]);
/** The summary of the city reads every segment; it is made once in this many ms. */
const cityMs = 2000;

/** Congestion now: by segment, and for the whole city. */
export const trafficRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'congestion' | 'graph' | 'wallNowMs'>> = async (
  app,
  { congestion, graph, wallNowMs },
) => {
  const lineOf = edgeLine(graph);

  app.get(
    '/api/v1/traffic/segments',
    {
      schema: {
        summary: 'Flow by road segment; speeds km/h, times s, length m',
        tags: ['traffic'],
        querystring: Type.Object({
          bbox: Type.Optional(BoundingBoxText),
          limit: Limit(5000),
          cursor: Type.Optional(Type.String({ pattern: '^\\d{1,10}$' })),
          geometry: Type.Optional(Type.Boolean({ description: 'with the line of each segment' })),
        }),
        response: answers(Type.Object({ items: Type.Array(TrafficSegmentSchema), next: Type.Optional(Type.String()) })),
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? 1000;
      const after = query.cursor === undefined ? -1 : Number(query.cursor);
      const found = congestion
        .segments(query.bbox === undefined ? graph.bounds : parseBoundingBox(query.bbox))
        .filter(({ segmentId }) => segmentId > after)
        .sort((a, b) => a.segmentId - b.segmentId);
      const items = found
        .slice(0, limit)
        .map((segment) =>
          query.geometry === true && segment.segmentId < graph.numEdges
            ? { ...segment, geometry: { type: 'LineString' as const, coordinates: lineOf(segment.segmentId) } }
            : segment,
        );
      const last = items.at(-1);
      return { items, ...(found.length > limit && last !== undefined ? { next: String(last.segmentId) } : {}) };
    },
  );

  let city: { readonly madeMs: number; readonly value: ReturnType<typeof cityIndex> } | undefined;
  app.get(
    '/api/v1/traffic/city',
    {
      schema: {
        summary: 'City now against free flow, and the ten segments that cost the most time',
        tags: ['traffic'],
        response: answers(
          Type.Object({
            index: nullableNumber,
            travelTimeRatio: nullableNumber,
            currentSpeed: nullableNumber,
            freeFlowSpeed: nullableNumber,
            coverage: Type.Number(),
            segments: Type.Integer(),
            measured: Type.Integer(),
            updatedAt: Type.Union([Type.String(), Type.Null()]),
            worst: Type.Array(TrafficSegmentSchema),
          }),
        ),
      },
    },
    async () => {
      const nowMs = wallNowMs();
      if (city === undefined || nowMs - city.madeMs >= cityMs || nowMs < city.madeMs)
        city = { madeMs: nowMs, value: cityIndex(congestion.segments(graph.bounds), 10) };
      const { worst, ...summary } = city.value;
      return {
        ...summary,
        worst: worst.map((segment) => {
          if (segment.segmentId >= graph.numEdges) throw new Problem('unavailable');
          return {
            ...segment,
            geometry: { type: 'LineString' as const, coordinates: lineOf(segment.segmentId) },
          };
        }),
      };
    },
  );
};
