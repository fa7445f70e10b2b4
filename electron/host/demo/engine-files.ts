import { listenerNames, engineUser, loopback, type ClusterDesign, type MemberServer } from './demo-design.ts';
import type { DemoFolders } from './demo-folders.ts';
import type { DemoPorts } from './demo-ports.ts';

/**
 * Configuration file of one member's stand-in engine: it passes on what its listeners take.
 * `recordFile`: where it tells twenty times a second that it runs; null: nowhere.
 */
export function engineConfig(
  design: ClusterDesign,
  server: MemberServer,
  ports: DemoPorts,
  folders: DemoFolders,
  workingDirectory: string,
  recordFile: string | null,
): unknown {
  const { members, receivers } = ports.clusters[design.id]!;
  const { engineApi, listeners } = members[server]!;
  const files = folders.member(server, design.id);
  return {
    name: design.id,
    server,
    apiAddress: loopback,
    apiPort: engineApi,
    apiUser: engineUser,
    apiPasswordFile: files.enginePassword,
    workingDirectory,
    listeners: listenerNames.map((name) => ({
      name,
      address: loopback,
      port: listeners[name],
      destination: { address: loopback, port: receivers[name] },
    })),
    pollers: [{ name: design.poller, kind: 'timer', everyMs: 1_000 }],
    autostart: [...listenerNames],
    ...(recordFile === null ? {} : { record: recordFile }),
  };
}
