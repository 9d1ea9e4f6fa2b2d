import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import boldUrl from 'vazirmatn/fonts/webfonts/Vazirmatn-Bold.woff2?url';
import regularUrl from 'vazirmatn/fonts/webfonts/Vazirmatn-Regular.woff2?url';
import { jamLevels, type Palette } from './palette.ts';

export const citySource = 'city';
export const roadsLayer = 'roads';
export const routeSource = 'route';

const regular = ['Vazirmatn Regular'];
const bold = ['Vazirmatn Bold'];

const roadClass: ExpressionSpecification = ['get', 'class'];
const isMain: ExpressionSpecification = ['in', roadClass, ['literal', ['motorway', 'trunk', 'primary', 'secondary']]];
const isPath: ExpressionSpecification = ['in', roadClass, ['literal', ['footway', 'cycleway', 'rail']]];
const inTunnel: ExpressionSpecification = [
  'any',
  ['to-boolean', ['get', 'tunnel']],
  ['<', ['coalesce', ['get', 'level'], 0], 0],
];
const onBridge: ExpressionSpecification = [
  'any',
  ['to-boolean', ['get', 'bridge']],
  ['>', ['coalesce', ['get', 'level'], 0], 0],
];
const isOneWay: ExpressionSpecification = ['to-boolean', ['get', 'oneway']];
const jam: ExpressionSpecification = ['coalesce', ['feature-state', 'jam'], -1];

/** Line width in pixels, by class and zoom, times `factor` plus `extra`. */
function roadWidth(factor: number, extra: number): ExpressionSpecification {
  const at = (motorway: number, primary: number, tertiary: number, residential: number, service: number) =>
    [
      'match',
      roadClass,
      ['motorway', 'trunk'],
      motorway * factor + extra,
      ['primary', 'secondary'],
      primary * factor + extra,
      ['tertiary'],
      tertiary * factor + extra,
      ['unclassified', 'residential'],
      residential * factor + extra,
      service * factor + extra,
    ] as ExpressionSpecification;
  return [
    'interpolate',
    ['exponential', 1.5],
    ['zoom'],
    10,
    at(1.4, 1, 0.6, 0.4, 0.2),
    14,
    at(4.5, 4, 3, 2.2, 1.2),
    17,
    at(15, 14, 11, 9, 5),
    19,
    at(40, 36, 30, 26, 14),
  ];
}

/** Both directions of a road share one centre line: each is drawn on its own (right) side. */
const sideOffset: ExpressionSpecification = [
  'interpolate',
  ['exponential', 1.5],
  ['zoom'],
  12,
  ['case', isOneWay, 0, 0.8],
  15,
  ['case', isOneWay, 0, 1.8],
  17,
  ['case', isOneWay, 0, 4],
  19,
  ['case', isOneWay, 0, 9],
];

/** Congestion is told by colour and by width; standing traffic also by stripes. */
const jamWidth: ExpressionSpecification = [
  'interpolate',
  ['exponential', 1.5],
  ['zoom'],
  11,
  ['interpolate', ['linear'], jam, 0, 0.8, 10, 2.4],
  15,
  ['interpolate', ['linear'], jam, 0, 1.8, 10, 4.6],
  17,
  ['interpolate', ['linear'], jam, 0, 3.4, 10, 8],
  19,
  ['interpolate', ['linear'], jam, 0, 7, 10, 18],
];

/** The whole style: our own tiles, our own fonts, nothing from outside. `origin` is this page's origin (font addresses must be absolute). */
export function mapStyle(palette: Palette, origin: string, attribution: string): StyleSpecification {
  return {
    version: 8,
    'font-faces': {
      'Vazirmatn Regular': [{ url: new URL(regularUrl, origin).href }],
      'Vazirmatn Bold': [{ url: new URL(boldUrl, origin).href }],
    },
    transition: { duration: 250, delay: 0 },
    sources: {
      [citySource]: {
        type: 'vector',
        tiles: [`${origin}/tiles/{z}/{x}/{y}.mvt`],
        minzoom: 0,
        maxzoom: 16,
        attribution,
      },
      [routeSource]: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': palette.land } },
      ...roads(palette),
      ...route(palette),
      ...congestion(palette),
      ...labels(palette),
    ],
  };
}

function roads(palette: Palette): LayerSpecification[] {
  const base = { source: citySource, 'source-layer': roadsLayer, type: 'line' } as const;
  const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
  return [
    {
      ...base,
      id: 'road-tunnel',
      filter: ['all', inTunnel, ['!', isPath]],
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': palette.tunnel, 'line-width': roadWidth(0.9, 0), 'line-dasharray': [0.6, 1.4] },
    },
    {
      ...base,
      id: 'road-path',
      filter: isPath,
      minzoom: 15,
      layout,
      paint: { 'line-color': palette.roadCasing, 'line-width': 1, 'line-dasharray': [2, 2] },
    },
    {
      ...base,
      id: 'road-casing',
      filter: ['all', ['!', inTunnel], ['!', isPath]],
      minzoom: 12,
      layout,
      paint: { 'line-color': palette.roadCasing, 'line-width': roadWidth(1, 1.6) },
    },
    {
      ...base,
      id: 'road-minor',
      filter: ['all', ['!', inTunnel], ['!', isMain], ['!', isPath]],
      layout,
      paint: { 'line-color': palette.roadMinor, 'line-width': roadWidth(1, 0) },
    },
    {
      ...base,
      id: 'road-major',
      filter: ['all', ['!', inTunnel], isMain],
      layout,
      paint: { 'line-color': palette.roadMajor, 'line-width': roadWidth(1, 0) },
    },
    {
      ...base,
      id: 'road-bridge',
      filter: onBridge,
      minzoom: 14,
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': palette.roadCasing,
        'line-width': 1,
        'line-gap-width': roadWidth(1, 0.6),
      },
    },
  ];
}

function route(palette: Palette): LayerSpecification[] {
  const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const width = (low: number, high: number): ExpressionSpecification => [
    'interpolate',
    ['linear'],
    ['zoom'],
    11,
    low,
    17,
    high,
  ];
  const chosen: ExpressionSpecification = ['==', ['get', 'chosen'], true];
  return [
    {
      id: 'route-other',
      type: 'line',
      source: routeSource,
      filter: ['all', ['!', chosen], ['!', ['has', 'jam']]],
      layout,
      paint: { 'line-color': palette.routeOther, 'line-width': width(4, 11), 'line-opacity': 0.7 },
    },
    {
      id: 'route-chosen',
      type: 'line',
      source: routeSource,
      filter: ['all', chosen, ['!', ['has', 'jam']]],
      layout,
      paint: { 'line-color': palette.route, 'line-width': width(8, 20) },
    },
    {
      id: 'route-core',
      type: 'line',
      source: routeSource,
      filter: ['all', chosen, ['!', ['has', 'jam']]],
      layout,
      paint: { 'line-color': palette.roadMinor, 'line-width': width(4, 12) },
    },
    {
      id: 'route-jam',
      type: 'line',
      source: routeSource,
      filter: ['has', 'jam'],
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': jamColour(palette, ['get', 'jam']), 'line-width': width(4, 12) },
    },
  ];
}

function congestion(palette: Palette): LayerSpecification[] {
  const base = { source: citySource, 'source-layer': roadsLayer, type: 'line', minzoom: 11 } as const;
  return [
    {
      ...base,
      id: 'congestion',
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': jamColour(palette, jam),
        'line-opacity': ['case', ['<', jam, 0], 0, ['<', jam, jamLevels.slow], 0.75, 0.95],
        'line-width': jamWidth,
        'line-offset': sideOffset,
      },
    },
    {
      ...base,
      id: 'congestion-standing',
      minzoom: 13,
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': palette.stripes,
        'line-opacity': ['case', ['>=', jam, jamLevels.standing], 0.85, 0],
        'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 13, 1, 15, 1.8, 17, 3, 19, 7],
        'line-offset': sideOffset,
        'line-dasharray': [1.2, 1.8],
      },
    },
  ];
}

function jamColour(palette: Palette, value: ExpressionSpecification): ExpressionSpecification {
  return [
    'step',
    value,
    palette.free,
    jamLevels.slow,
    palette.slow,
    jamLevels.heavy,
    palette.heavy,
    jamLevels.standing,
    palette.standing,
  ];
}

function labels(palette: Palette): LayerSpecification[] {
  const paint = { 'text-color': palette.label, 'text-halo-color': palette.labelHalo, 'text-halo-width': 1.6 };
  const named: ExpressionSpecification = ['!=', ['coalesce', ['get', 'name'], ''], ''];
  return [
    {
      id: 'label-minor',
      type: 'symbol',
      source: citySource,
      'source-layer': roadsLayer,
      minzoom: 15.5,
      filter: ['all', named, ['!', isMain]],
      layout: {
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'text-font': regular,
        'text-size': 11.5,
        'symbol-spacing': 320,
        'text-padding': 12,
      },
      paint,
    },
    {
      id: 'label-major',
      type: 'symbol',
      source: citySource,
      'source-layer': roadsLayer,
      minzoom: 13,
      filter: ['all', named, isMain],
      layout: {
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'text-font': bold,
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 10.5, 17, 13.5],
        'symbol-spacing': 380,
        'text-padding': 14,
      },
      paint,
    },
    {
      id: 'facility',
      type: 'symbol',
      source: citySource,
      'source-layer': 'facilities',
      minzoom: 12.5,
      layout: {
        'icon-image': ['concat', 'facility-', ['get', 'kind']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12.5, 0.7, 16, 1],
        'icon-allow-overlap': true,
        'text-field': ['step', ['zoom'], '', 15, ['coalesce', ['get', 'name'], '']],
        'text-font': regular,
        'text-size': 11.5,
        'text-anchor': 'top',
        'text-offset': [0, 1],
        'text-optional': true,
        'text-max-width': 9,
      },
      paint,
    },
  ];
}
