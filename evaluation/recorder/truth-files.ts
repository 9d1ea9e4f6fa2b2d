import type { SumoProjection } from '../../roads/import/index.ts';
import type { OverlapRow } from './body-overlaps.ts';
import type { HazardRow } from './hazard-list.ts';
import { stepsPerSecond, type Traffic } from './traffic.ts';
import type { ContactRow } from './truth-rows.ts';

/** From here on a warning a kilometre ahead was possible, m. */
export const possibleFrom = 1000;

const seconds = (step: number): string => (step / stepsPerSecond).toFixed(1);

function degrees(projection: SumoProjection, [x, y]: readonly [number, number]): readonly [string, string] {
  const [lat, lon] = projection.toLatLon(x, y);
  return [lon.toFixed(7), lat.toFixed(7)];
}

function table(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}

export function collisionsCsv(traffic: Traffic, projection: SumoProjection, rows: readonly ContactRow[]): string {
  return table(
    'time_s,lon,lat,lane,type,collider,victim,collider_type,victim_type,collider_speed_mps,victim_speed_mps,angle_deg,approach_angle_deg,class,injected_cause,hazard_onset_s,hazard_kind,threatened_dist_at_onset_m,possible_1km,sumo_time_s',
    rows.map((row) => {
      const hazard = !Number.isNaN(row.onset);
      return [
        seconds(row.step),
        ...degrees(projection, [row.x, row.y]),
        row.lane,
        row.type,
        traffic.ids[row.collider],
        traffic.ids[row.victim],
        traffic.types[row.collider],
        traffic.types[row.victim],
        row.colliderSpeed.toFixed(2),
        row.victimSpeed.toFixed(2),
        row.angle.toFixed(0),
        row.approachAngle.toFixed(0),
        row.class,
        row.cause,
        hazard ? row.onset.toFixed(1) : '',
        row.hazardKind,
        hazard ? row.threatened.toFixed(0) : '',
        hazard ? Number(row.threatened >= possibleFrom) : '',
        row.sumoTime.toFixed(1),
      ];
    }),
  );
}

export function hazardsCsv(traffic: Traffic, projection: SumoProjection, rows: readonly HazardRow[]): string {
  return table(
    'kind,vehicle,from_s,to_s,lon,lat,lon_end,lat_end,lane,hard_negative',
    rows.map((row) => [
      row.kind,
      traffic.ids[row.vehicle],
      seconds(row.from),
      seconds(row.to),
      ...degrees(projection, row.place),
      ...(row.end === undefined ? ['', ''] : degrees(projection, row.end)),
      row.lane,
      Number(row.hardNegative),
    ]),
  );
}

export function overlapsCsv(traffic: Traffic, projection: SumoProjection, rows: readonly OverlapRow[]): string {
  return table(
    'from_s,to_s,vehicle_a,vehicle_b,lon,lat,lane_a,lane_b,depth_m,note',
    rows.map((row) => [
      seconds(row.from),
      seconds(row.to),
      traffic.ids[row.a],
      traffic.ids[row.b],
      ...degrees(projection, row.place),
      row.laneA,
      row.laneB,
      row.depth.toFixed(2),
      row.note,
    ]),
  );
}
