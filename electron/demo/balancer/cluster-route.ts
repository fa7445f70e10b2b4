import { performance } from 'node:perf_hooks';
import type { BalancerView } from '../../../shared/console-ipc/console-snapshot.ts';
import { checkActive } from './active-check.ts';
import type { Backend, BalancerConfig } from './balancer-config.ts';
import { afterCheck, route, unchecked, type Standing } from './standing.ts';

type Timing = Pick<BalancerConfig, 'checkMs' | 'checkTimeoutMs' | 'fall' | 'rise'>;

/** Checks of one cluster's servers, the server in use, and the sessions that hang on each. */
export interface ClusterRoute {
  readonly cluster: string;
  /** Server for a new connection; null: none is up. */
  sendsTo(): string | null;
  /** Keeps a session until it ends by itself or `shut` is called because its server is no longer used. */
  hold(server: string, shut: () => void): { release(): void };
  view(): BalancerView;
}

/** Starts checking every `checkMs`; each server is asked once per cluster however many ports it has. */
export function startClusterRoute(
  cluster: string,
  servers: readonly Pick<Backend, 'server' | 'check'>[],
  timing: Timing,
): ClusterRoute {
  let standings: readonly Standing[] = servers.map(({ server }) => unchecked(server));
  const checkedAt = new Map<string, number>();
  const sessions = new Set<{ readonly server: string; readonly shut: () => void }>();
  const startedAt = performance.now();
  let current: string | null = null;

  function take(server: string, status: number | null): void {
    standings = standings.map((standing) =>
      standing.server === server ? afterCheck(standing, status, timing) : standing,
    );
    checkedAt.set(server, performance.now());
    current = route(standings, current);
    for (const session of [...sessions]) if (session.server !== current) session.shut();
  }

  for (const { server, check } of servers) {
    let asking = false;
    const ask = async () => {
      if (asking) return;
      asking = true;
      take(server, await checkActive(check, timing.checkTimeoutMs));
      asking = false;
    };
    setInterval(() => void ask(), timing.checkMs);
    void ask();
  }

  return {
    cluster,
    sendsTo: () => current,
    hold(server, shut) {
      const session = { server, shut };
      sessions.add(session);
      return { release: () => void sessions.delete(session) };
    },
    view: () => ({
      cluster,
      sendsTo: current,
      sessions: sessions.size,
      answers: standings.map(({ server, status }) => ({ server, status })),
      ageMs: Math.round(
        performance.now() - Math.min(...servers.map(({ server }) => checkedAt.get(server) ?? startedAt)),
      ),
    }),
  };
}
