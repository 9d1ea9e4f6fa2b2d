import { rowAt, stepsPerSecond, type Traffic } from './traffic.ts';

/** One who crosses a street is recorded from so long before he steps onto the crossing until so long after he left it, steps. */
const before = 8 * stepsPerSecond;
const after = 2 * stepsPerSecond;
/** With him everybody this near, m. */
const reach = 100;
/** SUMO's lanes of crossings for people on foot. */
const crossingLane = /^:.*_c\d+_0$/;

/** Marks the rows of all who cross a street on foot, and of those about them. */
export function keepCrossings(traffic: Traffic, kept: Uint8Array): void {
  const isCrossing = traffic.lanes.map((lane) => crossingLane.test(lane));
  const walking = new Uint8Array(traffic.count);
  for (let row = 0, step = 0; row < traffic.count; row += 1) {
    while (row >= traffic.stepStart[step + 1]) step += 1;
    if (!isCrossing[traffic.lane[row]]) continue;
    // Rows of one who is on it already were marked with its first one.
    const earlier = rowAt(traffic, traffic.vehicle[row], step - 1);
    const from = earlier >= 0 && isCrossing[traffic.lane[earlier]] ? step : step - before;
    for (let at = from; at <= step + after; at += 1) {
      const there = at < 0 ? -1 : rowAt(traffic, traffic.vehicle[row], at);
      if (there >= 0) walking[there] = 1;
    }
  }
  const cells = new Map<number, number[]>();
  for (let step = 0; step < traffic.steps; step += 1) {
    const [start, end] = [traffic.stepStart[step], traffic.stepStart[step + 1]];
    cells.clear();
    for (let row = start; row < end; row += 1) {
      if (walking[row] === 0) continue;
      const key = cellOf(traffic, row, 0, 0);
      const there = cells.get(key);
      if (there === undefined) cells.set(key, [row]);
      else there.push(row);
    }
    if (cells.size > 0) for (let row = start; row < end; row += 1) if (isNear(traffic, cells, row)) kept[row] = 1;
  }
}

function isNear(traffic: Traffic, cells: ReadonlyMap<number, readonly number[]>, row: number): boolean {
  for (let dx = -1; dx <= 1; dx += 1)
    for (let dy = -1; dy <= 1; dy += 1)
      for (const other of cells.get(cellOf(traffic, row, dx, dy)) ?? [])
        if (Math.hypot(traffic.x[other] - traffic.x[row], traffic.y[other] - traffic.y[row]) <= reach) return true;
  return false;
}

function cellOf(traffic: Traffic, row: number, dx: number, dy: number): number {
  return (Math.floor(traffic.x[row] / reach) + dx) * 1e6 + Math.floor(traffic.y[row] / reach) + dy;
}
