import { join } from 'node:path';
import { createAskAgent } from '../agent-links/agent-requests.ts';
import { sshWayBy } from '../agent-links/ssh-way.ts';
import { succeed } from '../../../shared/result.ts';
import { lookFromHere } from '../etcd/look-from-here.ts';
import { systemTime } from '../host-time.ts';
import { readBundle } from '../install/bundle.ts';
import type { ConnectServer } from '../install/server-work.ts';
import { runForProfile } from '../readiness/run-once.ts';
import type { BuiltPrograms } from '../site-source.ts';
import { createSessionPool } from '../ssh/session-pool.ts';
import { lookAtEngineBy } from '../preflight/look-at-engine.ts';
import { tryTcp } from '../preflight/try-console-ways.ts';
import { connectServer } from '../ssh/ssh-connection.ts';
import { openSession } from '../ssh/ssh-session.ts';
import type { SetupPorts } from './setup-keeper.ts';

/** What a setup works with, apart from the console that it runs in. */
export type SetupMeans = Omit<SetupPorts, 'time' | 'log' | 'showSite' | 'onNews'>;

const measureSeconds = 60;

export interface MeansInputs {
  /** Where this workstation keeps what belongs to it. */
  readonly folder: string;
  readonly built: BuiltPrograms;
  /** The product's version. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The real ones: SSH, the bundle of this console, agents asked over mutual TLS. */
export function setupMeans({ folder, built, version, environment }: MeansInputs): SetupMeans {
  const pool = createSessionPool({ open: openSession, time: systemTime() });
  const connect: ConnectServer = (target) => connectServer(target, pool);
  const here = { node: built.nodePath, agent: join(built.directory, 'agent/ixha.cjs') };
  return {
    folder: join(folder, 'setup'),
    sshAgentSocket: environment['SSH_AUTH_SOCK'],
    connect,
    signIn: async (place) => {
      const leased = await pool.lease(place);
      if (!leased.ok) return leased;
      leased.value.release();
      return succeed(undefined);
    },
    tcp: tryTcp,
    lookAtEngine: lookAtEngineBy(here),
    end: () => pool.end(),
    measure: { seconds: measureSeconds },
    etcd: {
      look: lookFromHere(here),
    },
    install: {
      sitesFolder: join(folder, 'sites'),
      bundle: () =>
        readBundle({
          productVersion: version,
          runtime: built.serverRuntime,
          agentDirectory: join(built.directory, 'agent'),
          unitsDirectory: built.unitsDirectory,
        }),
      runReadiness: (directory) => runForProfile(directory, systemTime()),
      createAsk: (credentials, ways) =>
        createAskAgent(credentials, ways && sshWayBy(ways.site, ways.access, pool, ways.target)),
    },
  };
}
