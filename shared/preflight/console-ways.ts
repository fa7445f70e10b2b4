import type { ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, unknownCheck, type PreflightCheck } from './preflight-check.ts';

/** A port that this workstation's console asks for what it shows. */
export interface ConsoleWay {
  readonly to: ExpectedServer;
  readonly port: number;
  readonly what: string;
  /** As somebody has chosen: through the SSH server there, or straight to the port. */
  readonly throughSsh: boolean;
}

/** How a connection straight to the port went. */
export interface DirectTry {
  /** `no-route`: the network itself says that nothing leads there. */
  readonly result: 'ok' | 'refused' | 'silent' | 'no-route';
  readonly rttMs: number | null;
}

/** How a connection through the SSH server went; `forbidden`: it lets no connection through. */
export type TunnelTry = 'ok' | 'forbidden' | 'failed';

export interface TriedConsoleWay extends ConsoleWay {
  /**
   * What there was to try: nothing can be known where nothing listens there, or nobody got there to look. `not-opened`:
   * nothing is installed there, and the port could not be opened for the try.
   */
  readonly there: 'open' | 'not-open' | 'not-opened' | 'not-reached';
  /** Null: not tried. */
  readonly direct: DirectTry | null;
  readonly tunnel: TunnelTry | null;
}

/** Every way from this workstation that the console will need. Pure. */
export function consoleWays(
  servers: readonly { readonly expected: ExpectedServer; readonly throughSsh: boolean }[],
): ConsoleWay[] {
  return servers.flatMap(({ expected: to, throughSsh }) =>
    to.ports.flatMap(({ port, what, fromConsole }) => (fromConsole ? [{ to, port, what, throughSsh }] : [])),
  );
}

/** Says which of both ways the console will use, and whether it is open. Pure. */
export function consoleWayCheck(way: TriedConsoleWay): PreflightCheck {
  const { to, port, what } = way;
  const { id, name: server } = to.server;
  const name = {
    id: 'console-way',
    server: id,
    subject: `this workstation → ${server}`,
    what: `reaches ${what}`,
  };
  switch (way.there) {
    case 'not-reached': {
      const remedy = `Look again once ${server} can be reached.`;
      return unknownCheck(name, `TCP ${port} could not be tried: nobody could look there`, remedy);
    }
    case 'not-open': {
      const remedy = `Start what is installed on ${server}, then look again.`;
      const finding = `TCP ${port} could not be tried: nothing listens there at present`;
      return unknownCheck(name, finding, remedy);
    }
    case 'not-opened': {
      const remedy = `Look on ${server} why no socket unit opens it (journalctl -u ixha-way-${port}.socket), such as a program on the loopback address, then look again.`;
      return unknownCheck(
        name,
        `TCP ${port} could not be tried: it could not be opened there for the try`,
        remedy,
      );
    }
    case 'open':
      return way.throughSsh ? tunnelCheck(name, way) : directCheck(name, way);
  }
}

type Named = Pick<PreflightCheck, 'id' | 'server' | 'subject' | 'what'>;

const lookAgain = 'Look again.';

function tunnelCheck(name: Named, { to, port, tunnel }: TriedConsoleWay): PreflightCheck {
  const there = to.server.name;
  switch (tunnel) {
    case 'ok':
      return passed(name, `TCP ${port}, through the SSH server of ${there}`);
    case 'forbidden':
      return failedCheck(
        name,
        `the SSH server of ${there} lets no connection through, and the console is to use it`,
        allowForwarding(there),
      );
    case 'failed': {
      const remedy = `Look whether a firewall on ${there} keeps it from its own address ${to.server.address}.`;
      return failedCheck(name, `TCP ${port} is not reached from the SSH server of ${there} either`, remedy);
    }
    case null:
      return unknownCheck(name, `TCP ${port} could not be tried through its SSH server`, lookAgain);
  }
}

const said = {
  refused: 'is refused: a firewall rejects it, since the port was open',
  silent: 'gets no answer: a firewall drops it',
  'no-route': 'is not reached: no route leads there, or a firewall rejects it',
};

function directCheck(name: Named, { to, port, direct, tunnel }: TriedConsoleWay): PreflightCheck {
  const there = to.server.name;
  if (direct === null) return unknownCheck(name, `TCP ${port} could not be tried`, lookAgain);
  const { result, rttMs } = direct;
  if (result === 'ok') return passed(name, `TCP ${port}, straight to it, ${rttMs?.toFixed(1) ?? '?'} ms`);
  const open = `Let TCP ${port} through from this workstation to ${there}`;
  const finding = `TCP ${port} ${said[result]}`;
  switch (tunnel) {
    case 'ok': {
      const choose = `or choose for ${there} to reach its agents through its SSH server, which lets the console through ("agentsThroughSsh": true in the site file)`;
      return failedCheck(name, finding, `${open}, ${choose}.`);
    }
    case 'forbidden':
      return failedCheck(name, finding, `${open}. Its SSH server lets no connection through either.`);
    case 'failed':
    case null:
      return failedCheck(name, finding, `${open}.`);
  }
}

function allowForwarding(there: string): string {
  return `Set AllowTcpForwarding yes (or local) in the configuration of sshd on ${there}, or let the console go straight to its agents.`;
}
