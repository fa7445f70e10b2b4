import { join } from 'node:path';
import type { BuiltPrograms } from '../host/site-source.ts';

/**
 * Where agent, demo programs and the Node that runs them lie. Packaged: beside the archive, as real
 * files. Electron itself is never used as a Node: that fuse is off.
 */
export function builtPrograms(place: {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  /** Electron's `process.resourcesPath`. */
  readonly resources: string;
  /** Folder of the running bundle: `dist/electron`. */
  readonly bundle: string;
}): BuiltPrograms {
  const node = place.platform === 'win32' ? 'node.exe' : 'node';
  if (place.packaged) {
    return {
      directory: join(place.resources, 'programs'),
      nodePath: join(place.resources, 'runtime', node),
    };
  }
  return {
    directory: join(place.bundle, '..'),
    nodePath: join(place.bundle, '../../node_modules/.bin', node),
  };
}
