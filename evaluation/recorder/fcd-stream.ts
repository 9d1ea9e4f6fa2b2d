import type { TrafficBuilder } from './traffic.ts';
import { walker } from './walkers-demand.ts';

const attribute = (line: string, name: string): string => {
  const start = line.indexOf(` ${name}="`);
  if (start === -1) return '';
  const from = start + name.length + 3;
  return line.slice(from, line.indexOf('"', from));
};

/** Takes SUMO's FCD XML (one element a line, geo coordinates) as it comes and hands its samples to the builder. */
export class FcdStream {
  private readonly builder: TrafficBuilder;
  private rest = '';
  private readonly stepEnds: (builder: TrafficBuilder, step: number) => void;
  /** Seconds simulated so far. */
  time = 0;

  /** `stepEnds` may add further samples to a step (counted from 0). */
  constructor(builder: TrafficBuilder, stepEnds: (builder: TrafficBuilder, step: number) => void = () => {}) {
    this.builder = builder;
    this.stepEnds = stepEnds;
  }

  private endStep(): void {
    this.stepEnds(this.builder, this.builder.steps - 1);
    this.builder.endStep();
  }

  push(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line.includes('<vehicle ')) this.vehicle(line);
    else if (line.includes('<person ')) this.person(line);
    else if (line.includes('<timestep ')) {
      this.time = Number(attribute(line, 'time'));
      if (line.includes('/>')) this.endStep();
    } else if (line.includes('</timestep>')) this.endStep();
  }

  private vehicle(line: string): void {
    this.builder.add(attribute(line, 'id'), attribute(line, 'type'), {
      lat: Number(attribute(line, 'y')),
      lon: Number(attribute(line, 'x')),
      speed: Number(attribute(line, 'speed')),
      accel: Number(attribute(line, 'acceleration')),
      headingDeg: Number(attribute(line, 'angle')),
      lane: attribute(line, 'lane'),
      pos: Number(attribute(line, 'pos')),
      signals: Number(attribute(line, 'signals')),
    });
  }

  /** People on foot have a pavement or crossing, no lane, and SUMO tells no type of them. */
  private person(line: string): void {
    this.builder.add(attribute(line, 'id'), walker, {
      lat: Number(attribute(line, 'y')),
      lon: Number(attribute(line, 'x')),
      speed: Number(attribute(line, 'speed')),
      accel: 0,
      headingDeg: Number(attribute(line, 'angle')),
      lane: `${attribute(line, 'edge')}_0`,
      pos: Number(attribute(line, 'pos')),
      signals: 0,
    });
  }
}
