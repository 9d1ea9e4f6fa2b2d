import type { IncidentSummary, WarningClass } from '../../../messages/index.ts';

/** Line drawings on a 24 x 24 field, stroked with the current colour; lists and map markers share them. */
const stopped = 'M5 15v-3l2-5h10l2 5v3M4 15h16v3H4zM7 18v2M17 18v2';
const triangle = 'M12 4 21 19H3zM12 10v4M12 16.5v.5';
const queue = 'M4 6h16M6 12h12M8 18h8M12 3v0';
const crossing = 'M5 19 19 5M14 5h5v5M5 5l5 5M14 14l5 5';
const facing = 'M12 3v7M9 7l3 3 3-3M12 21v-7M9 17l3-3 3 3';
const noEntry = 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM7 12h10';
const person = 'M12 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 8v7M12 10l-4 2M12 10l4 2M12 15l-3 6M12 15l3 6';
const cross = 'M9 3h6v6h6v6h-6v6H9v-6H3V9h6z';
const braking = 'M6 5l6 5 6-5M6 11l6 5 6-5M5 20h14';
const rear = 'M12 3v6M9 6l3-3 3 3M5 13h14M7 17h10M9 21h6';
const joining = 'M6 20V13c0-4 6-4 6-9M18 20V13c0-4-6-4-6-9M9 6l3-3 3 3';
const slide = 'M8 21c0-6 8-6 8-11S8 5 8 3M5 17l3 4 3-4';

export const warningGlyphs: Readonly<Record<WarningClass, string>> = {
  'stationary-vehicle': stopped,
  'crashed-vehicle': triangle,
  'queue-tail': queue,
  'slow-vehicle': stopped,
  'wrong-way': noEntry,
  obstacle: triangle,
  'hard-braking': braking,
  'rear-end': rear,
  crossing,
  'turn-across': crossing,
  merge: joining,
  'head-on': facing,
  'vulnerable-road-user': person,
  'lane-change': slide,
  'control-loss': slide,
  'emergency-vehicle': cross,
};

export const incidentGlyphs: Readonly<Record<IncidentSummary['kind'], string>> = {
  crash:
    'M12 2.5l2.2 5 5.3-1.6-1.6 5.3 5 2.2-5 2.2-1 3.4-3.4-1.3L12 21.5l-1.5-3.8L7.1 19l-1-3.4-5-2.2 5-2.2L4.5 5.9l5.3 1.6z',
  'single-vehicle': triangle,
  ecall: 'M5 4h4l1.5 4.5L8 10.5c1 2.5 3 4.5 5.5 5.5l2-2.5L20 15v4c-8 1.5-16.5-7-15-15z',
  breakdown: stopped,
  'near-miss': 'M4 15c3-6 5-6 8 0s5 6 8 0M12 4v3M12 9v.5',
};

export const toolGlyphs = {
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14 6l-6 6 6 6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 13l4 4L19 7',
  swap: 'M8 4v15M4 8l4-4 4 4M16 20V5M12 16l4 4 4-4',
  target: 'M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM12 2v5M12 17v5M2 12h5M17 12h5',
  share: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5',
  moon: 'M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  city: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  legend: 'M4 6h3M11 6h9M4 12h3M11 12h9M4 18h3M11 18h9',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21',
  chevron: 'M6 15l6-6 6 6',
  pin: 'M12 22s7-7 7-12.5A7 7 0 0 0 5 9.5C5 15 12 22 12 22zM12 7a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
} as const;
