/** Colours of the two themes; roads from motorway to path. */
const themes = {
  light: {
    background: '#f5f3ee',
    casing: '#c9c4b8',
    major: '#ffd98a',
    middle: '#fff1c9',
    minor: '#ffffff',
    path: '#d8cfc0',
    rail: '#a8a8b0',
    text: '#2b2b2b',
    halo: '#ffffff',
    facility: '#0b6e4f',
  },
  dark: {
    background: '#14181d',
    casing: '#0a0d10',
    major: '#6b5a2e',
    middle: '#4a4636',
    minor: '#343b43',
    path: '#2a2f35',
    rail: '#4a4f57',
    text: '#e6e6e6',
    halo: '#14181d',
    facility: '#4fd1a1',
  },
} as const;
export type Theme = keyof typeof themes;

const classIs = (...names: string[]): unknown[] => ['in', ['get', 'class'], ['literal', names]];
const major = classIs('motorway', 'trunk', 'primary');
const middle = classIs('secondary', 'tertiary');
const path = classIs('footway', 'cycleway');

/** Width of a road in pixels by zoom: the classes keep their order at every level. */
const width = (factor: number, extra: number): unknown[] => [
  'interpolate',
  ['exponential', 1.5],
  ['zoom'],
  ...[
    [8, 0.6],
    [12, 1.6],
    [14, 3.2],
    [16, 8],
    [19, 40],
  ].flatMap(([zoom, pixels]) => [
    zoom,
    [
      '+',
      extra,
      ['*', pixels * factor, ['case', major, 1.3, middle, 1, path, 0.25, classIs('service', 'rail'), 0.4, 0.7]],
    ],
  ]),
];

/** Two-way streets are two edges: each is drawn on its own side from the zoom where both fit. */
const offset = [
  'interpolate',
  ['exponential', 1.5],
  ['zoom'],
  13,
  0,
  14,
  ['case', ['get', 'oneway'], 0, 1],
  16,
  ['case', ['get', 'oneway'], 0, 2.4],
  19,
  ['case', ['get', 'oneway'], 0, 12],
];
const jam = ['feature-state', 'jam'];

/**
 * A MapLibre style of our own tiles and font only. Congestion is painted from the feature state `jam` (0..10) of the
 * road's feature id, so the browser recolours without new tiles; worse is also wider, so that colour is not alone.
 * @param origin scheme://host[:port] the browser sees: MapLibre wants absolute addresses
 */
export function mapStyle(
  origin: string,
  theme: Theme,
  bounds: readonly number[],
  attribution: string,
  revision: string,
): Readonly<Record<string, unknown>> {
  const colour = themes[theme];
  const roads = { source: 'rahban', 'source-layer': 'roads' };
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const sorted = { ...round, 'line-sort-key': ['get', 'level'] };
  const font = (weight: string) => ({
    'text-font': [`Vazirmatn ${weight}`],
  });
  const label = { 'text-color': colour.text, 'text-halo-color': colour.halo, 'text-halo-width': 1.5 };
  const fontFace = (weight: string) => [{ url: `${origin}/fonts/Vazirmatn-${weight}.woff2` }];
  return {
    version: 8,
    name: `Rahban ${theme}`,
    center: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2],
    zoom: 13,
    'font-faces': { 'Vazirmatn Regular': fontFace('Regular'), 'Vazirmatn Bold': fontFace('Bold') },
    sources: {
      rahban: {
        type: 'vector',
        tiles: [`${origin}/tiles/{z}/{x}/{y}.mvt?v=${revision}`],
        minzoom: 0,
        maxzoom: 16,
        bounds,
        attribution,
      },
    },
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': colour.background } },
      {
        id: 'road-casing',
        type: 'line',
        ...roads,
        minzoom: 12,
        layout: sorted,
        filter: ['!', path],
        paint: {
          'line-color': colour.casing,
          'line-width': width(1, 1.6),
          'line-offset': offset,
          'line-opacity': ['case', ['get', 'tunnel'], 0.4, 1],
        },
      },
      {
        id: 'road',
        type: 'line',
        ...roads,
        layout: sorted,
        paint: {
          'line-color': [
            'case',
            major,
            colour.major,
            middle,
            colour.middle,
            path,
            colour.path,
            classIs('rail'),
            colour.rail,
            colour.minor,
          ],
          'line-width': width(1, 0),
          'line-offset': offset,
          'line-opacity': ['case', ['get', 'tunnel'], 0.5, 1],
        },
      },
      {
        id: 'congestion',
        type: 'line',
        ...roads,
        layout: sorted,
        paint: {
          'line-color': [
            'case',
            ['==', ['typeof', jam], 'number'],
            [
              'interpolate',
              ['linear'],
              ['to-number', jam],
              0,
              '#1a8f4a',
              3,
              '#9bb52b',
              5,
              '#f4a000',
              8,
              '#c00020',
              10,
              '#5c0014',
            ],
            'rgba(0,0,0,0)',
          ],
          'line-width': [
            'interpolate',
            ['linear'],
            ['zoom'],
            10,
            ['case', ['>=', ['to-number', jam, 0], 5], 2.4, 1.2],
            16,
            ['case', ['>=', ['to-number', jam, 0], 5], 6, 3],
          ],
          'line-offset': offset,
        },
      },
      {
        id: 'road-name',
        type: 'symbol',
        ...roads,
        minzoom: 13,
        filter: ['has', 'name'],
        layout: {
          'symbol-placement': 'line',
          'text-field': ['get', 'name'],
          ...font('Regular'),
          'text-size': ['interpolate', ['linear'], ['zoom'], 13, 11, 18, 15],
        },
        paint: label,
      },
      {
        id: 'facility',
        type: 'circle',
        source: 'rahban',
        'source-layer': 'facilities',
        paint: {
          'circle-color': colour.facility,
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 3, 16, 7],
          'circle-stroke-color': colour.halo,
          'circle-stroke-width': 1.5,
        },
      },
      {
        id: 'facility-name',
        type: 'symbol',
        source: 'rahban',
        'source-layer': 'facilities',
        minzoom: 14,
        layout: {
          'text-field': ['get', 'name'],
          ...font('Bold'),
          'text-size': 12,
          'text-anchor': 'top',
          'text-offset': [0, 0.7],
          'text-optional': true,
        },
        paint: label,
      },
    ],
  };
}
