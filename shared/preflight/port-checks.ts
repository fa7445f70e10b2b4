import type { ExpectedEngine, ExpectedServer, ListeningPort } from './expected-server.ts';
import {
  failedCheck,
  passed,
  toLookAt,
  unknownCheck,
  type CheckName,
  type PreflightCheck,
} from './preflight-check.ts';
import type { Listening, PortHolder, ServerFacts } from './server-facts.ts';

/** Where HAProxy runs that the product sets up. */
const balancerUnit = 'haproxy.service';

/**
 * Whether each port of a server is free for whom it is meant for, or held by just that one: agents and witness, engines with
 * their listeners, and the balancer's side where senders come in. Pure.
 */
export function portChecks(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  return [
    ...agentPorts(facts, expected),
    ...expected.engines.flatMap((engine) => enginePorts(facts, expected, engine)),
    ...frontendPorts(facts, expected),
  ];
}

function agentPorts(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  const ours = new Set(expected.units.flatMap((unit) => facts.units.get(unit)?.sockets ?? []));
  return expected.ports.map(({ port, what }) => {
    const name = { id: 'port-free', subject: expected.server.name, what: `port ${port}` };
    const taken = facts.listeners.filter(
      (listening) => listening.port === port && !listening.loopbackOnly && !ours.has(listening.inode),
    );
    if (taken.length === 0) return passed(name, `free for ${what}`);
    return failedCheck(
      name,
      `port ${port}, needed for ${what}, is used by another program`,
      'Stop that program (ss -ltnp shows it), or choose another port for this member in the site file.',
      { evidence: sayHolders(facts, taken), refusal: { code: 'install.port-taken' } },
    );
  });
}

/** An engine takes connections on all addresses, so a program on the loopback address alone is in its way too. */
function enginePorts(facts: ServerFacts, expected: ExpectedServer, engine: ExpectedEngine): PreflightCheck[] {
  const { cluster, unit, apiPort, listeners } = engine;
  const subject = expected.server.name;
  const runs = facts.units.get(unit)?.activeState === 'active';
  const judge = ({ port, what }: ListeningPort, isListener: boolean) => {
    const name = { id: 'engine-port', subject, what: `port ${port} of the engine of ${cluster}` };
    const held = holdingOf(facts, port, unit);
    if (held.by === 'nobody' && runs) {
      const remedy = isListener
        ? `Start that component in the engine of ${cluster}, or correct the port of the listener.`
        : 'Look into the engine’s log, or correct the port in the site file (Settings, Web server).';
      return toLookAt(name, `${unit} runs and does not listen on it, where ${what} is expected`, remedy);
    }
    if (held.by === 'owner' && isListener && held.sockets.every(({ loopbackOnly }) => loopbackOnly)) {
      const remedy = 'Let the component listen on all addresses: the load balancer comes from outside.';
      return toLookAt(name, `${unit} takes connections for ${what} from this server alone`, remedy);
    }
    return heldCheck(facts, expected, { name, port, what, unit, held });
  };
  return [
    judge({ port: apiPort, what: `the API of the engine of ${cluster}` }, false),
    ...listeners.map((listener) => judge(listener, true)),
  ];
}

/** On a server with an address of IPv4 the balancer takes connections by IPv4 alone. */
function frontendPorts(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  const byIpv4 = !expected.server.address.includes(':');
  const listeners = facts.listeners.filter(({ ipv6Only }) => !(byIpv4 && ipv6Only));
  return expected.frontends.map(({ port, what }) => {
    const name = { id: 'frontend-port', subject: expected.server.name, what: `balancer port ${port}` };
    const held = holdingOf({ ...facts, listeners }, port, balancerUnit);
    return heldCheck(facts, expected, { name, port, what, unit: balancerUnit, held });
  });
}

/** Who listens on a port that is meant for one unit. */
interface Holding {
  /** `untold`: somebody does, and no process of the server shows it. */
  readonly by: 'nobody' | 'owner' | 'another' | 'untold';
  /** Those that tell it. */
  readonly sockets: readonly Listening[];
}

function holdingOf({ listeners, holders }: ServerFacts, port: number, unit: string): Holding {
  const sockets = listeners.filter((listening) => listening.port === port);
  if (sockets.length === 0) return { by: 'nobody', sockets };
  const untold = sockets.filter(({ inode }) => !holders.has(inode));
  const another = sockets.filter(({ inode }) => holders.get(inode)?.every((holder) => holder.unit !== unit));
  if (another.length > 0) return { by: 'another', sockets: another };
  return untold.length > 0 ? { by: 'untold', sockets: untold } : { by: 'owner', sockets };
}

interface HeldPort {
  readonly name: CheckName;
  readonly port: number;
  readonly what: string;
  readonly unit: string;
  readonly held: Holding;
}

function heldCheck(
  facts: ServerFacts,
  { observes }: ExpectedServer,
  { name, port, what, unit, held }: HeldPort,
): PreflightCheck {
  const evidence = sayHolders(facts, held.sockets);
  switch (held.by) {
    case 'nobody':
      return passed(name, `free for ${what}`);
    case 'owner':
      return passed(name, `held by ${unit}, as it should be, for ${what}`, { evidence });
    case 'untold': {
      const look = `Look with: ss -ltnp 'sport = :${port}' (as root); without a process it is the kernel, such as NFS.`;
      return unknownCheck(name, `it is in use, and whether by ${unit} could not be seen`, look, { evidence });
    }
    case 'another': {
      const finding = `port ${port}, needed for ${what}, is held by another program than ${unit}`;
      const remedy = `Stop that program and keep it from starting again (systemctl disable --now, if it is a service), or choose another port for ${what}.`;
      // What is only observed is not moved yet.
      if (observes) return toLookAt(name, finding, remedy, { evidence });
      return failedCheck(name, finding, remedy, { evidence, refusal: { code: 'install.port-taken' } });
    }
  }
}

function sayHolders({ holders }: ServerFacts, sockets: readonly Listening[]): string[] {
  const lines = sockets.flatMap(({ inode, loopbackOnly }) => {
    const where = loopbackOnly ? ', on the loopback address only' : '';
    return holders.get(inode)?.map((holder) => `${sayHolder(holder)}${where}`) ?? [];
  });
  return [...new Set(lines)];
}

function sayHolder({ pid, program, unit }: PortHolder): string {
  if (pid === 1) return 'the service manager itself, for a socket unit (systemctl list-sockets tells which)';
  return `process ${pid}: ${program || 'an unknown program'}, ${unit ? `of ${unit}` : 'of no unit'}`;
}
