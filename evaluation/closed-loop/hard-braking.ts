import type { SumoVehicle } from './sumo-traffic.ts';

/** A vehicle braked harder than drivers do in ordinary traffic. */
export interface HardBraking {
  readonly time: number;
  readonly vehicle: string;
  /** 'warned': the driver answered to a warning; 'behind': drove close behind one who did; 'other'. */
  readonly who: 'warned' | 'behind' | 'other';
}

/** m/s²: begins and ends an episode (ordinary drivers of the worlds brake with 2.2). */
const begin = -4.5;
const end = -3;
/** An episode is over after this long without, s. */
const pause = 1;
/** Close behind: m ahead, m aside, and how long ago the one ahead braked because of a warning, s. */
const reach = 60;
const aside = 2.5;
const memory = 3;
const radians = Math.PI / 180;

/** Finds the episodes step by step. */
export class HardBrakings {
  readonly list: HardBraking[] = [];
  /** Last second of strong braking of those in an episode. */
  private readonly inEpisode = new Map<string, number>();

  /** `reactedAt`: second at which a driver last braked because of a warning. `crashed`: whose impacts are not brakings. */
  observe(
    time: number,
    vehicles: ReadonlyMap<string, SumoVehicle>,
    reactedAt: ReadonlyMap<string, number>,
    crashed: ReadonlySet<string>,
  ): void {
    for (const vehicle of vehicles.values()) {
      if (vehicle.accel >= end || crashed.has(vehicle.id)) continue;
      const last = this.inEpisode.get(vehicle.id) ?? Number.NEGATIVE_INFINITY;
      const going = time - last <= pause;
      if (!going && vehicle.accel > begin) continue;
      this.inEpisode.set(vehicle.id, time);
      if (!going) this.list.push({ time, vehicle: vehicle.id, who: whoIs(time, vehicle, vehicles, reactedAt) });
    }
    for (const [id, last] of this.inEpisode) if (time - last > pause) this.inEpisode.delete(id);
  }
}

function whoIs(
  time: number,
  vehicle: SumoVehicle,
  vehicles: ReadonlyMap<string, SumoVehicle>,
  reactedAt: ReadonlyMap<string, number>,
): HardBraking['who'] {
  const recent = (id: string): boolean => time - (reactedAt.get(id) ?? Number.NEGATIVE_INFINITY) <= memory;
  if (recent(vehicle.id)) return 'warned';
  const hx = Math.sin(vehicle.headingDeg * radians);
  const hy = Math.cos(vehicle.headingDeg * radians);
  for (const id of reactedAt.keys()) {
    const other = recent(id) ? vehicles.get(id) : undefined;
    if (other === undefined || Math.cos((other.headingDeg - vehicle.headingDeg) * radians) < Math.SQRT1_2) continue;
    const dx = other.x - vehicle.x;
    const dy = other.y - vehicle.y;
    const ahead = dx * hx + dy * hy;
    if (ahead > 0 && ahead < reach && Math.abs(dx * hy - dy * hx) < aside) return 'behind';
  }
  return 'other';
}
