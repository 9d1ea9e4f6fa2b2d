import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { StreamRequest } from '../../messages/index.ts';
import { isBoundingBox } from '../map/bounding-box.ts';

export const StreamRequestSchema = Type.Object(
  {
    view: Type.Optional(Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()])),
    channels: Type.Array(
      Type.Union([
        Type.Literal('vehicles'),
        Type.Literal('warnings'),
        Type.Literal('incidents'),
        Type.Literal('congestion'),
      ]),
      { maxItems: 4 },
    ),
  },
  { additionalProperties: false },
);
const compiled = Compile(StreamRequestSchema);

/** A client's wish, or undefined when it is not one. Never throws. */
export function readStreamRequest(text: string): StreamRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!compiled.Check(value)) return undefined;
  const { view, channels }: Static<typeof StreamRequestSchema> = value;
  if (view === undefined) return { channels };
  return isBoundingBox(view) ? { view, channels } : undefined;
}
