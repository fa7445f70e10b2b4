import { clockChecks } from './clock-checks.ts';
import { engineChecks } from './engine-checks.ts';
import type { ExpectedServer } from './expected-server.ts';
import { machineChecks } from './machine-checks.ts';
import { failedCheck, passed, type PreflightCheck } from './preflight-check.ts';
import type { ServerFacts } from './server-facts.ts';
import { storageChecks } from './storage-checks.ts';

/** First line of a balancer configuration that the product wrote. */
export interface BalancerMark {
  readonly path: string;
  readonly firstLine: string;
}

export interface ServerContext {
  /** File that names the site a server belongs to. */
  readonly siteMark: string;
  readonly balancer: BalancerMark;
  readonly workstationTime: string;
}

/** Everything that can be said about one server by looking at it alone. Pure. */
export function serverChecks(
  facts: ServerFacts,
  expected: ExpectedServer,
  context: ServerContext,
): PreflightCheck[] {
  const owner = ownership(facts, expected, context);
  // Of a server that belongs to somebody else nothing more is judged: it is not ours to mend.
  if (owner.verdict === 'failed') return [owner];
  return [
    owner,
    ...machineChecks(facts, expected),
    ...clockChecks(facts, expected.server.name, context.workstationTime),
    ...portChecks(facts, expected),
    ...engineChecks(facts, expected),
    ...expected.engines.flatMap((engine) => storageChecks(facts, expected.server.name, engine)),
    ...balancerChecks(facts, expected, context.balancer),
  ];
}

function ownership(
  facts: ServerFacts,
  expected: ExpectedServer,
  { siteMark }: ServerContext,
): PreflightCheck {
  const name = { id: 'ownership', subject: expected.server.name, what: 'site' };
  const refusal = { code: 'install.foreign' as const };
  if (facts.site !== undefined && facts.site !== expected.site) {
    const finding = `it belongs to the site ${facts.site}, not to ${expected.site}`;
    const remedy = 'Remove the other agent from there first, or use the right site file.';
    return failedCheck(name, finding, remedy, { evidence: [`seen in ${siteMark}`], refusal });
  }
  const authority = expected.files.find((file) => {
    const seen = facts.files.get(file.path);
    return file.path.endsWith('/authority.pem') && seen !== undefined && seen.sha256 !== file.sha256;
  });
  if (authority) {
    const finding = `it trusts another authority of a site called ${expected.site}`;
    const remedy = 'Use the profile folder that the site was installed with.';
    return failedCheck(name, finding, remedy, { evidence: [`seen in ${authority.path}`], refusal });
  }
  return passed(name, facts.site === undefined ? 'it belongs to no site yet' : `it belongs to ${facts.site}`);
}

function portChecks(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  const ours = new Set(expected.units.flatMap((unit) => facts.units.get(unit)?.sockets ?? []));
  return expected.ports.map(({ port, what }) => {
    const name = { id: 'port-free', subject: expected.server.name, what: `port ${port}` };
    const isTaken = facts.listeners.some(
      (listening) => listening.port === port && !listening.loopbackOnly && !ours.has(listening.inode),
    );
    if (!isTaken) return passed(name, `free for ${what}`);
    return failedCheck(
      name,
      `port ${port}, needed for ${what}, is used by another program`,
      'Stop that program (ss -ltnp shows it), or choose another port for this member in the site file.',
      { refusal: { code: 'install.port-taken' } },
    );
  });
}

function balancerChecks(facts: ServerFacts, expected: ExpectedServer, mark: BalancerMark): PreflightCheck[] {
  if (!expected.isBalancer) return [];
  const name = { id: 'balancer', subject: expected.server.name, what: 'HAProxy' };
  const refusal = { code: 'install.unsupported' as const };
  if (!facts.programs.includes('haproxy')) {
    return [failedCheck(name, 'HAProxy is not installed', 'Install HAProxy there.', { refusal })];
  }
  if (facts.haproxy.sections > 0 && facts.haproxy.firstLine !== mark.firstLine) {
    const finding = `${mark.path} already serves ${facts.haproxy.sections} other listeners and was not replaced`;
    const remedy = 'Move them to another HAProxy, or name another balancer.';
    return [failedCheck(name, finding, remedy, { refusal })];
  }
  return [passed(name, 'installed, and its configuration is free or ours')];
}

/** Two entries of the site that are one machine: it could not stand in for itself. Pure. */
export function sameMachineChecks(
  servers: readonly { readonly name: string; readonly facts: ServerFacts }[],
): PreflightCheck[] {
  return servers.flatMap((one, index) =>
    servers.slice(index + 1).flatMap((other) => {
      const { bootId } = one.facts.survey;
      if (bootId === undefined || bootId !== other.facts.survey.bootId) return [];
      const name = { id: 'same-machine', subject: `${one.name}, ${other.name}`, what: 'machines' };
      const finding = 'both are the same machine under two names';
      const remedy = 'Give every server of the site a machine of its own.';
      return [
        failedCheck(name, finding, remedy, {
          evidence: [`boot ${bootId}`],
          refusal: { code: 'install.unsupported' },
        }),
      ];
    }),
  );
}
