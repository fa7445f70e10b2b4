import type { ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, unknownCheck, type PreflightCheck } from './preflight-check.ts';

/** A port of one server that another one has to reach. */
export interface Way {
  readonly from: ExpectedServer;
  readonly to: ExpectedServer;
  readonly port: number;
  /** Such as `the agent of WK1`. */
  readonly what: string;
}

/** How a connection over a way went. */
export interface TriedWay extends Way {
  readonly result: 'ok' | 'refused' | 'silent' | 'not-open' | 'not-tried';
  readonly rttMs: number | null;
}

/** Every way that will be needed between these servers. Pure. */
export function neededWays(servers: readonly ExpectedServer[]): Way[] {
  return servers.flatMap((to) =>
    to.ports.flatMap(({ port, what, from: ids }) =>
      servers
        .filter(({ server }) => ids.includes(server.id) && server.id !== to.server.id)
        .map((from) => ({ from, to, port, what })),
    ),
  );
}

/** Pure. */
export function wayCheck({ from, to, port, what, result, rttMs }: TriedWay): PreflightCheck {
  const [here, there] = [from.server.name, to.server.name];
  const name = { id: 'way', server: from.server.id, subject: `${here} → ${there}`, what: `reaches ${what}` };
  switch (result) {
    case 'ok':
      return passed(name, `TCP ${port}, ${rttMs?.toFixed(1) ?? '?'} ms`);
    case 'not-open':
      return unknownCheck(
        name,
        `TCP ${port} could not be tried: nothing listens there at present`,
        `Start what is installed on ${there}, then look again.`,
      );
    case 'not-tried': {
      const remedy = `Look again, or try it by hand on ${here}: nc -vz ${to.server.address} ${port}`;
      return unknownCheck(name, `TCP ${port} could not be tried`, remedy);
    }
    case 'refused':
    case 'silent': {
      const how = result === 'refused' ? 'is refused' : 'gets no answer: a firewall drops it';
      return failedCheck(name, `TCP ${port} ${how}`, `Let TCP ${port} through from ${here} to ${there}.`);
    }
  }
}
