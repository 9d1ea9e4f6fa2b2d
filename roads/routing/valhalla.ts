import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The part of Valhalla's Node binding that routing uses. Answers are foreign data: read through `json-path.ts`. */
export interface ValhallaActor {
  route(query: object): Promise<unknown>;
  matrix(query: object): Promise<unknown>;
  locate(query: object): Promise<unknown>;
  traceRoute(query: object): Promise<unknown>;
  traceAttributes(query: object): Promise<unknown>;
}

interface Binding {
  readonly VALHALLA_VERSION: string;
  readonly Actor: new (config: object) => ValhallaActor;
  getConfig(options: { tileDir: string; tileExtract: string }): Promise<Record<string, unknown>>;
}

export interface Valhalla {
  readonly version: string;
  /** Full configuration for these files. */
  configure(files: { tileDir: string; tileExtract: string; trafficExtract: string }): Promise<Record<string, unknown>>;
  open(config: Record<string, unknown>): ValhallaActor;
  /** Program that cuts an .osm.pbf into tiles, and the folder of its libraries. */
  readonly buildTiles: { readonly program: string; readonly libraries: string };
}

/** Machines the package ships binaries for. */
const machines = ['linux/x64', 'linux/arm64', 'darwin/arm64'];

/** Loads the native package, or says why routing is not available on this machine. */
export function loadValhalla(): Valhalla | { readonly unavailable: string } {
  const machine = `${process.platform}/${process.arch}`;
  if (!machines.includes(machine))
    return { unavailable: `the routing engine has no binary for ${machine} (it has ${machines.join(', ')})` };
  try {
    const require = createRequire(import.meta.url);
    const binding = require('@valhallajs/valhallajs') as Binding;
    const folder = join(require.resolve('@valhallajs/valhallajs'), '..', process.platform, process.arch);
    return {
      version: binding.VALHALLA_VERSION,
      configure: async ({ tileDir, tileExtract, trafficExtract }) => {
        const config = await binding.getConfig({ tileDir, tileExtract });
        const mjolnir = {
          ...(config.mjolnir as Record<string, unknown>),
          traffic_extract: trafficExtract,
          concurrency: 1,
        };
        return { ...config, mjolnir };
      },
      open: (config) => new binding.Actor(config),
      buildTiles: { program: join(folder, 'valhalla_build_tiles'), libraries: join(folder, 'lib') },
    };
  } catch (error) {
    return {
      unavailable: `the routing engine could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
