import type { VehicleState } from '../../messages/index.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { type Body, cornersOf } from '../reconstruct/body-rectangle.ts';
import { bodyAt, type Reconstruction, toPlane } from '../reconstruct/reconstruct.ts';
import type { Track } from '../reconstruct/tracks.ts';
import type { IncidentRecord } from '../types.ts';
import { roadsAround } from './road-layer.ts';
import { type SketchWords, sketchWords } from './sketch-words.ts';

export interface SketchInput {
  readonly record: Pick<IncidentRecord, 'trackingCode' | 'occurredAt' | 'place'>;
  readonly reconstruction: Reconstruction;
  readonly tracks: readonly Track[];
  readonly graph?: RoadGraph;
  readonly language: 'fa' | 'en';
}

const width = 900;
const height = 900;
/** Drawing area; the title block lies below. */
const plan = 660;
const margin = 20;
const colours = ['#b3261e', '#1257a8', '#2e7d32', '#8e5a00', '#6a3fa0', '#00696f'];
type Phase = keyof SketchWords['phases'];
type Scene = {
  readonly vehicleId: string;
  readonly poses: readonly { readonly phase: Phase; readonly body: Body }[];
  readonly path: readonly (readonly [number, number])[];
};

/**
 * The accident sketch as one SVG document of 900 x 900: roads, each party as a rectangle to scale 2 s and 1 s before, at the
 * impact and at rest, its path, point and ellipse of impact, scale bar, north arrow (north is up), title block.
 * The same record gives the same bytes.
 */
export function drawSketch(input: SketchInput): string {
  const { record, reconstruction, language } = input;
  const words = sketchWords[language];
  const centre = reconstruction.contact ?? record.place;
  const origin: VehicleState = { vehicleId: '-', stationType: 0, timestampMs: 0, flags: 0, ...centre };
  const scenes = input.tracks.slice(0, colours.length).map((track) => sceneOf(track, reconstruction.impactMs, origin));
  const radius = radiusOf(scenes);
  const scale = (plan - 2 * margin) / (2 * radius);
  const at = (x: number, y: number): string => `${fixed(width / 2 + x * scale)},${fixed(plan / 2 - y * scale)}`;
  const parts = [
    ...roadLayer(input.graph, centre, radius, scale, at),
    ...scenes.flatMap((scene, i) => vehicleLayer(scene, colours[i], letterOf(i), at)),
    impactLayer(reconstruction.placeUncertainty, scale, at),
    northArrow(words),
    scaleBar(scale, words),
    ...titleBlock(input, words),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" lang="${language}" font-family="Vazirmatn, 'DejaVu Sans', sans-serif" font-size="14">`,
    `<title>${escapeXml(`${words.title} ${record.trackingCode}`)}</title>`,
    `<clipPath id="plan"><rect x="0" y="0" width="${width}" height="${plan}"/></clipPath>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<g clip-path="url(#plan)"><rect width="${width}" height="${plan}" fill="#f4f2ec"/>`,
    ...parts.slice(0, -1),
    '</g>',
    parts[parts.length - 1],
    '</svg>',
    '',
  ].join('\n');
}

function sceneOf(track: Track, impactMs: number, origin: VehicleState): Scene {
  const rest = track.states.find((state) => state.timestampMs > impactMs + 500 && (state.speed ?? 1) < 0.3);
  const restMs =
    rest?.timestampMs ?? Math.min(impactMs + 8000, track.states[track.states.length - 1]?.timestampMs ?? impactMs);
  const times: readonly (readonly [Phase, number])[] = [
    ['before2', impactMs - 2000],
    ['before1', impactMs - 1000],
    ['impact', impactMs],
    ['rest', restMs],
  ];
  const poses = times.flatMap(([phase, atMs]) => {
    const body = bodyAt(track, atMs, origin);
    return body === undefined ? [] : [{ phase, body }];
  });
  const path = track.states
    .filter((state) => state.timestampMs >= impactMs - 4000 && state.timestampMs <= restMs)
    .map((state) => toPlane(state, origin));
  return { vehicleId: track.vehicleId, poses, path };
}

function radiusOf(scenes: readonly Scene[]): number {
  let radius = 12;
  for (const scene of scenes)
    for (const { body } of scene.poses) radius = Math.max(radius, Math.abs(body.x) + 5, Math.abs(body.y) + 5);
  return Math.min(90, radius);
}

type Place = (x: number, y: number) => string;

function roadLayer(
  graph: RoadGraph | undefined,
  centre: { readonly lat: number; readonly lon: number },
  radius: number,
  scale: number,
  at: Place,
): string[] {
  if (graph === undefined) return [];
  const roads = roadsAround(graph, centre.lat, centre.lon, radius * 1.5);
  const line = (points: readonly (readonly [number, number])[]): string => points.map(([x, y]) => at(x, y)).join(' ');
  const named = new Map(roads.filter((road) => road.name !== '').map((road) => [road.name, road]));
  return [
    ...roads.map(
      (road) =>
        `<polyline points="${line(road.points)}" fill="none" stroke="#c9c6bd" stroke-width="${fixed(Math.max(2.5, road.width) * scale)}" stroke-linecap="round" stroke-linejoin="round"/>`,
    ),
    ...roads.map(
      (road) =>
        `<polyline points="${line(road.points)}" fill="none" stroke="#ffffff" stroke-width="1" stroke-dasharray="8 8"/>`,
    ),
    ...[...named.values()].slice(0, 6).map((road) => {
      const nearest = road.points.reduce((a, b) => (Math.hypot(a[0], a[1]) <= Math.hypot(b[0], b[1]) ? a : b));
      const limit = radius * 0.8;
      const clamp = (value: number): number => Math.max(-limit, Math.min(limit, value));
      const [x, y] = at(clamp(nearest[0]), clamp(nearest[1])).split(',');
      return `<text x="${x}" y="${y}" fill="#5a574f" text-anchor="middle">${escapeXml(road.name)}</text>`;
    }),
  ];
}

const poseStyle: Readonly<Record<Phase, string>> = {
  before2: 'fill-opacity="0.1" stroke-dasharray="3 4"',
  before1: 'fill-opacity="0.2" stroke-dasharray="6 3"',
  impact: 'fill-opacity="0.75"',
  rest: 'fill-opacity="0.35" stroke-width="2.5"',
};

function vehicleLayer(scene: Scene, colour: string, letter: string, at: Place): string[] {
  const path = scene.path.map(([x, y]) => at(x, y)).join(' ');
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-dasharray="2 3"/>`,
    ...scene.poses.map(({ phase, body }) => {
      const [frontLeft, rearLeft, rearRight, frontRight] = cornersOf(body).map(([x, y]) => at(x, y));
      const nose = at(body.x, body.y);
      const name = phase === 'rest' ? `${letter}’` : letter;
      const [tx, ty] = at(body.x - (body.hx * body.length) / 2, body.y - (body.hy * body.length) / 2).split(',');
      const tail = at(body.x - body.hx * 1.2, body.y - body.hy * 1.2);
      return (
        `<g stroke="${colour}" fill="${colour}" ${poseStyle[phase]}>` +
        `<polygon points="${frontLeft} ${rearLeft} ${rearRight} ${frontRight}"/>` +
        `<line x1="${tail.split(',')[0]}" y1="${tail.split(',')[1]}" x2="${nose.split(',')[0]}" y2="${nose.split(',')[1]}"/></g>` +
        `<text x="${tx}" y="${ty}" text-anchor="middle" dominant-baseline="central" font-weight="bold" fill="#111111">${name}</text>`
      );
    }),
  ];
}

function impactLayer(uncertainty: number, scale: number, at: Place): string {
  const [x, y] = at(0, 0).split(',').map(Number);
  return (
    `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${fixed(uncertainty * scale)}" fill="none" stroke="#444444" stroke-dasharray="4 4"/>` +
    `<path d="M${fixed(x - 9)} ${fixed(y - 9)}L${fixed(x + 9)} ${fixed(y + 9)}M${fixed(x - 9)} ${fixed(y + 9)}L${fixed(x + 9)} ${fixed(y - 9)}" stroke="#111111" stroke-width="3"/>`
  );
}

function northArrow(words: SketchWords): string {
  return `<g transform="translate(${width - 40} 50)"><path d="M0 -28L10 14L0 6L-10 14Z" fill="#111111"/><text y="34" text-anchor="middle">${words.north}</text></g>`;
}

function scaleBar(scale: number, words: SketchWords): string {
  const metres = [1, 2, 5, 10, 20, 50].findLast((value) => value * scale <= 200) ?? 1;
  const length = fixed(metres * scale);
  return `<g transform="translate(${margin} ${plan - 24})"><path d="M0 -6V0H${length}V-6" fill="none" stroke="#111111" stroke-width="2"/><text x="${fixed((metres * scale) / 2)}" y="-10" text-anchor="middle">${number(metres, words, 0)} ${words.metre}</text></g>`;
}

function titleBlock(input: SketchInput, words: SketchWords): [string] {
  const { record, reconstruction } = input;
  const time = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });
  const uncertainty = number(reconstruction.placeUncertainty, words, 1);
  const lines = [
    `${words.title} — ${words.code}: \u2066${record.trackingCode}\u2069`,
    `${words.time}: ${time.format(reconstruction.impactMs)} ± ${number(reconstruction.impactUncertaintyMs / 1000, words, 2)} s`,
    `${words.street}: ${record.place.street ?? ''} \u2066${record.place.lat.toFixed(6)}, ${record.place.lon.toFixed(6)}\u2069`,
    ...reconstruction.parties.slice(0, colours.length).map((party, i) => {
      const kmh = (speed: number): string => number(speed * 3.6, words, 0);
      const force = party.forceClock === undefined ? [] : [words.force(number(party.forceClock, words, 0))];
      return [
        words.party(letterOf(i)),
        words.speeds(kmh(party.speedBefore), kmh(party.speedAfter), kmh(party.deltaV)),
        ...force,
      ].join(words.rightToLeft ? '، ' : ', ');
    }),
    `${words.phases.before2}, ${words.phases.before1}: - - -   ${words.phases.impact}: A, B   ${words.phases.rest}: A’, B’   ×: ${words.impactPoint}`,
    `${words.automatic(uncertainty)}. ${words.noFault}`,
  ];
  const x = words.rightToLeft ? width - margin : margin;
  // In a right-to-left paragraph `start` is the right edge.
  const rows = lines.map((line, i) => `<text x="${x}" y="${plan + 28 + i * 22}">${escapeXml(line)}</text>`);
  return [
    `<g direction="${words.rightToLeft ? 'rtl' : 'ltr'}"><line x1="0" y1="${plan}" x2="${width}" y2="${plan}" stroke="#111111"/>${rows.join('')}</g>`,
  ];
}

function number(value: number, words: SketchWords, digits: number): string {
  return new Intl.NumberFormat(words.locale, { maximumFractionDigits: digits, useGrouping: false }).format(value);
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
