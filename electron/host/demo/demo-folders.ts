import { join } from 'node:path';

/** Where everything of one demo site lies, below one new folder. Only names; nothing is made here. */
export interface DemoFolders {
  readonly root: string;
  /** Console profile: `site.json` and `console/*.pem`. */
  readonly profile: string;
  server(server: string): ServerFolders;
  member(server: string, cluster: string): MemberFolders;
  /** The shared directory of a cluster, the same for both servers. */
  shared(cluster: string): string;
  /** The directory of a cluster on one server, where it is copied. */
  copied(server: string, cluster: string): string;
  /** What judges read afterwards, where records are kept. */
  readonly records: string;
  /** What is outside of the three servers: network, balancer and traffic. */
  readonly outside: ServerFolders;
}

export interface ServerFolders {
  readonly root: string;
  readonly config: string;
  readonly socket: string;
  readonly run: string;
  readonly log: string;
}

export interface MemberFolders {
  readonly state: string;
  readonly run: string;
  readonly certificates: string;
  readonly agentConfig: string;
  readonly engineConfig: string;
  readonly enginePassword: string;
  readonly enginePid: string;
  readonly agentPid: string;
}

export function demoFolders(root: string): DemoFolders {
  const server = (id: string): ServerFolders => {
    const base = join(root, 'servers', id);
    return {
      root: base,
      config: join(base, 'server.json'),
      socket: join(base, 'control.sock'),
      run: join(base, 'run'),
      log: join(base, 'log'),
    };
  };
  return {
    root,
    profile: join(root, 'profile'),
    server,
    outside: server('outside'),
    records: join(root, 'records'),
    copied: (serverId, cluster) => join(server(serverId).root, 'data', cluster),
    shared: (cluster) => join(root, 'shared', cluster),
    member(serverId, cluster) {
      const { root: base, run } = server(serverId);
      return {
        state: join(base, 'state', cluster),
        run: join(run, cluster),
        certificates: join(base, 'certificates', cluster),
        agentConfig: join(base, `agent-${cluster}.json`),
        engineConfig: join(base, `engine-${cluster}.json`),
        enginePassword: join(base, `engine-${cluster}.password`),
        enginePid: join(run, cluster, 'engine.pid'),
        agentPid: join(run, cluster, 'agent.pid'),
      };
    },
  };
}

/** The witness keeps its leases as one member of the third server. */
export const witnessMember = 'witness';
