import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { DecisionNotes } from '../../evaluation/decision-notes.ts';
import { drive, inputLogOf } from '../../evaluation/drive.ts';
import { type DecisionNote, explain } from '../../evaluation/index.ts';
import { observe } from '../../evaluation/sensor-model.ts';
import { type Body, motorway, moving, play, send, standing, startMs } from '../collision/straight-road.ts';
import { crossroads, ncapPlane } from '../oracles/ncap-roads.ts';
import { cruising, plane, record, road } from './small-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'rahban-decisions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the core said of slot 0 at its last look. */
function notesOf(bodies: readonly Body[], seconds: number, length = 6000): readonly DecisionNote[] {
  const graph = motorway(length);
  const engine = createEngine(graph, { capacity: 16 });
  const notes = new DecisionNotes((slot) => `v${slot}`);
  engine.trace(0, notes);
  play(graph, bodies, seconds, 5, engine);
  return notes.notes;
}

const ofLayer = (notes: readonly DecisionNote[], layer: DecisionNote['layer']) =>
  notes.filter((note) => note.layer === layer);

describe('why a vehicle was or was not told (E1)', () => {
  it('[E1] a hazard: reported, and what was confirmed of it', () => {
    const notes = notesOf([moving(1100, 0, 30), standing(2500, 0)], 12);
    const [hazard] = ofLayer(notes, 'hazard');
    expect(hazard?.rule).toBe('');
    expect(hazard?.sentence).toMatch(
      /^Hazard \d+ \(stationary-vehicle\) \d+ m ahead at 0\.0 m\/s.*reported as a danger\.$/,
    );
    const [book] = ofLayer(notes, 'confirmation');
    expect(book?.sentence).toContain('told before at stage 1');
  });

  it('[E1] a hazard: silenced, by the condition that failed', () => {
    const far = ofLayer(notesOf([moving(100, 0, 30), standing(2500, 0)], 5), 'hazard')[0];
    expect(far?.rule).toBe('A1 far');
    expect(far?.figures.distance).toBeGreaterThan(1200);
    const near = ofLayer(notesOf([moving(2100, 0, 30), standing(2500, 0)], 10), 'hazard')[0];
    expect(near?.rule).toBe('A1 near');
    const slow = ofLayer(notesOf([moving(1800, 3.5, 8), standing(2500, 0)], 10), 'hazard')[0];
    expect(slow?.rule).toBe('A1 slow');
    expect(slow?.sentence).toContain('silent by A1 slow: the vehicle is slow itself');
  });

  it('[E1] two beside each other: nobody moves aside, or one drifts over', () => {
    const beside = ofLayer(notesOf([moving(100, 0, 30), moving(101, 3.5, 30)], 3), 'sidewise')[0];
    expect(beside?.rule).toBe('N1');
    expect(beside?.sentence).toContain(
      'Beside v1: no contact, 1.7 m between them sidewise: silent by N1: nobody moves aside',
    );
    const drift: Body = { ...moving(101, 3.5, 30), y: (t) => 3.5 - 0.6 * Math.max(0, t - 2) };
    const over = ofLayer(notesOf([moving(100, 0, 30), drift], 4), 'sidewise')[0];
    expect(over?.rule).toBe('');
  });

  it('[E1] one in the open: never met, walks along, or met', () => {
    const walker = (y: (t: number) => number, headingDeg: number): Body => ({
      x: () => 260,
      y,
      speed: () => 1.4,
      headingDeg,
      length: 0.5,
      width: 0.5,
      stationType: 1,
    });
    const of = (walks: Body): DecisionNote | undefined =>
      ofLayer(notesOf([moving(100, 0, 14), walks], 9), 'free-space')[0];
    expect(of(walker((t) => -40 - 1.4 * t, 180))?.rule).toBe('V7');
    expect(of({ ...walker(() => -3, 90), x: (t) => 250 + 1.4 * t })?.rule).toBe('V7');
    expect(of(walker((t) => -15.5 + 1.4 * t, 0))?.rule).toBe('');
  });

  it('[E1] one who comes the wrong way: in another lane, too far off, or met', () => {
    const wrong = (y: number, x0: number): Body => ({ ...moving(x0, y, 25), x: (t) => x0 - 25 * t, headingDeg: 270 });
    const of = (y: number, x0: number): DecisionNote | undefined =>
      ofLayer(notesOf([moving(100, 0, 25), wrong(y, x0)], 6), 'head-on')[0];
    expect(of(7, 700)?.rule).toBe('W3 aside');
    expect(of(0, 850)?.rule).toBe('late');
    expect(of(0, 600)?.sentence).toMatch(
      /^Coming towards v1: contact in \d\.\d s \(limit 8\.0 s\).*reported as a danger\.$/,
    );
  });

  it('[E1] listening changes no alert, and nobody is heard who was not asked about', () => {
    const bodies = [moving(100, 0, 30), standing(1500, 0), moving(0, 3.5, 30)];
    const plain = play(motorway(), bodies, 40, 5);
    const engine = createEngine(motorway(), { capacity: 16 });
    const notes = new DecisionNotes(String);
    engine.trace(7, notes);
    expect(play(motorway(), bodies, 40, 5, engine)).toEqual(plain);
    expect(notes.lookedMs).toBeNaN();
    engine.trace(0, null);
    send(engine, 0, moving(100, 0, 30), 50);
    engine.tick(startMs + 50_000);
    expect(notes.notes).toEqual([]);
  });

  it('[E1] explain gives the look before the moment with every sentence', async () => {
    const file = join(folder, 'still.inputs');
    const recording = record([cruising('fast', 0, 20, 0, 59), cruising('still', 1200, 0, 0, 59)]);
    const writer = inputLogOf(file, road, recording);
    drive(road, recording, observe(recording, plane, { noise: 0, penetration: 1, seed: 7 }), undefined, writer);
    await writer.close();
    const { decisions, lookedAt } = await explain(file, road, 'fast', 57);
    expect(lookedAt).toBeLessThanOrEqual(57);
    expect(lookedAt).toBeGreaterThan(55.5);
    const behind = decisions.find((note) => note.layer === 'rear-end');
    expect(behind?.other).toBe('still');
    expect(behind?.rule).toBe('');
    expect(behind?.figures.imminentNeed).toBeGreaterThan(behind?.figures.imminentLimit ?? Infinity);
    expect(behind?.sentence).toContain('m/s²');
  });
});

describe('why a driver was or was not warned of the one ahead (E1)', () => {
  it('[E1] reported, with the decelerations against their limits', () => {
    const notes = ofLayer(notesOf([moving(100, 0, 25), standing(250, 0)], 4.2), 'rear-end');
    expect(notes).toHaveLength(1);
    expect(notes[0]?.other).toBe('v1');
    expect(notes[0]?.rule).toBe('');
    expect(notes[0]?.figures.warningNeed).toBeGreaterThan(notes[0]?.figures.warningLimit ?? Infinity);
  });

  it('[E1] silenced: by hardly closing in, by braking already, by far less need than a warning asks for', () => {
    const rule = (bodies: readonly Body[], seconds: number) => ofLayer(notesOf(bodies, seconds), 'rear-end')[0]?.rule;
    expect(rule([moving(100, 0, 25), moving(150, 0, 25)], 4)).toBe('L7');
    expect(rule([moving(100, 0, 25), moving(350, 0, 20)], 4)).toBe('S2');
    const brakes: Body = {
      x: (t) => 100 + 25 * t - 2 * Math.max(0, t - 2) ** 2,
      y: () => 0,
      speed: (t) => 25 - 4 * Math.max(0, t - 2),
      accel: (t) => (t > 2 ? -4 : 0),
    };
    expect(rule([brakes, standing(250, 0)], 4)).toBe('L6');
  });
});

describe('why a driver was or was not warned at a junction (E1)', () => {
  /** Slot 0 comes from the north and must yield, slot 1 from the west with right of way; `x`, `y`: metres before the middle at t s. */
  function atJunction(own: (t: number) => number, ownSpeed: (t: number) => number, other: (t: number) => number) {
    const engine = createEngine(crossroads(), { capacity: 4 });
    const notes = new DecisionNotes((slot) => `v${slot}`);
    engine.trace(0, notes);
    const none = Number.NaN;
    for (let k = 0; k <= 66; k += 1) {
      const t = k / 10;
      const at = startMs + 100 * k;
      const [x, y] = [-1.75, own(t)];
      const a = (ownSpeed(t + 0.1) - ownSpeed(t)) / 0.1;
      engine.update(0, 1, at, ncapPlane.lat(y), ncapPlane.lon(x), ownSpeed(t), 180, a, none, none, 4.5, 1.8, 5, 0);
      engine.update(1, 1, at, ncapPlane.lat(-1.75), ncapPlane.lon(-other(t)), 12, 90, 0, none, none, 4.5, 1.8, 5, 0);
      engine.tick(at);
    }
    return ofLayer(notes.notes, 'junction').find((note) => note.other === 'v1');
  }

  it('[E1] reported: who must yield drives on towards one who comes at the same time', () => {
    const note = atJunction(
      (t) => 12 * (8 - t),
      () => 12,
      (t) => 12 * (8 - t),
    );
    expect(note?.rule).toBe('');
    expect(note?.figures.yields).toBe(1);
    expect(note?.figures.probability).toBeGreaterThan(note?.figures.warningProbability ?? 1);
    expect(note?.sentence).toContain('it must yield');
  });

  it('[E1] silenced: he brakes for the line, as one who yields does', () => {
    // 3 m/s² from second 4 on brings him to rest some 10 m before the middle of the junction's edge.
    const u = (t: number): number => Math.min(4, Math.max(0, t - 3));
    const note = atJunction(
      (t) => 80 - 12 * t + 1.5 * u(t) * u(t),
      (t) => 12 - 3 * u(t),
      (t) => 12 * (8 - t),
    );
    expect(note === undefined || note.rule !== '').toBe(true);
    if (note !== undefined) expect(note.sentence).toContain(`silent by ${note.rule}`);
  });
});
