export type Theme = 'light' | 'dark';

/** Colours of what is drawn on the map. The page's own colours are the custom properties of shell/page.css. */
export interface Palette {
  readonly land: string;
  readonly roadMinor: string;
  readonly roadMajor: string;
  readonly roadCasing: string;
  readonly tunnel: string;
  readonly label: string;
  readonly labelHalo: string;
  readonly route: string;
  readonly routeOther: string;
  readonly facility: string;
  readonly free: string;
  readonly slow: string;
  readonly heavy: string;
  readonly standing: string;
  readonly stripes: string;
  /** By stage 0..3. */
  readonly stages: readonly [string, string, string, string];
  readonly bus: string;
  readonly emergency: string;
  readonly stale: string;
  readonly vehicleEdge: string;
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    land: '#e9edf1',
    roadMinor: '#ffffff',
    roadMajor: '#ffffff',
    roadCasing: '#c3ccd5',
    tunnel: '#d3dae1',
    label: '#46525e',
    labelHalo: '#ffffff',
    route: '#1f5fbf',
    routeOther: '#8aa3c4',
    facility: '#5b6b7a',
    free: '#3aa38a',
    slow: '#e3a008',
    heavy: '#d9531e',
    standing: '#8f1846',
    stripes: '#ffffff',
    stages: ['#2c3e50', '#b77900', '#d9531e', '#c1123f'],
    bus: '#1f5fbf',
    emergency: '#a3134f',
    stale: '#9aa5b0',
    vehicleEdge: '#ffffff',
  },
  dark: {
    land: '#11171e',
    roadMinor: '#2d3945',
    roadMajor: '#3a4856',
    roadCasing: '#0b1015',
    tunnel: '#202a34',
    label: '#a9b6c3',
    labelHalo: '#11171e',
    route: '#6aa5ff',
    routeOther: '#4a6386',
    facility: '#8e9dac',
    free: '#2f9e83',
    slow: '#e8b23a',
    heavy: '#f0743a',
    standing: '#e0457f',
    stripes: '#11171e',
    stages: ['#dbe4ec', '#f0bd4b', '#ff8548', '#ff5673'],
    bus: '#6aa5ff',
    emergency: '#ff7fb0',
    stale: '#5c6874',
    vehicleEdge: '#0b1015',
  },
};

/** Lower bounds of the jam factor (0..10) of the four levels. */
export const jamLevels = { slow: 3, heavy: 5.5, standing: 8 } as const;

export type JamLevel = 'free' | 'slow' | 'heavy' | 'standing';

/** Level of a jam factor 0..10. */
export function jamLevel(jamFactor: number): JamLevel {
  if (jamFactor >= jamLevels.standing) return 'standing';
  if (jamFactor >= jamLevels.heavy) return 'heavy';
  return jamFactor >= jamLevels.slow ? 'slow' : 'free';
}
