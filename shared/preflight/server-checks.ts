import { clockChecks } from './clock-checks.ts';
import { engineChecks } from './engine-checks.ts';
import type { ExpectedServer } from './expected-server.ts';
import { machineChecks } from './machine-checks.ts';
import {
  failedCheck,
  ofServer,
  passed,
  toLookAt,
  unknownCheck,
  type PreflightCheck,
} from './preflight-check.ts';
import { portChecks } from './port-checks.ts';
import type { ServerFacts } from './server-facts.ts';
import { etcdChecks } from './etcd-checks.ts';
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
  const { id } = expected.server;
  if (owner.verdict === 'failed') return ofServer(id, [owner]);
  return ofServer(id, [
    owner,
    ...leftoverChecks(facts, expected),
    ...machineChecks(facts, expected),
    ...clockChecks(facts, expected.server.name, context.workstationTime),
    ...portChecks(facts, expected),
    ...engineChecks(facts, expected),
    ...expected.engines.flatMap((engine) => storageChecks(facts, expected.server.name, engine)),
    ...balancerChecks(facts, expected, context.balancer),
    ...etcdChecks(facts, expected),
    ...standingChecks(expected),
  ]);
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
    return (
      file.path.endsWith('/certificates/authority.pem') && seen !== undefined && seen.sha256 !== file.sha256
    );
  });
  if (authority) {
    const finding = `it trusts another authority of a site called ${expected.site}`;
    const remedy = 'Use the profile folder that the site was installed with.';
    return failedCheck(name, finding, remedy, { evidence: [`seen in ${authority.path}`], refusal });
  }
  return passed(name, facts.site === undefined ? 'it belongs to no site yet' : `it belongs to ${facts.site}`);
}

/** Parts of an installation on a server that belongs to no site: one that ended halfway, or a removal that did. */
function leftoverChecks({ site, survey }: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  const name = { id: 'leftovers', subject: expected.server.name, what: 'earlier installation' };
  const { leftovers: evidence } = survey;
  if (site !== undefined || evidence.length === 0) return [];
  const finding = 'something of an earlier installation is still there, and it names no site';
  const remedy =
    'An installation goes on from it. If it is of another site, remove it with the site file of that one first.';
  return [toLookAt(name, finding, remedy, { evidence })];
}

function balancerChecks(facts: ServerFacts, expected: ExpectedServer, mark: BalancerMark): PreflightCheck[] {
  if (!expected.isBalancer && !expected.mayBeBalancer) return [];
  const name = { id: 'balancer', subject: expected.server.name, what: 'HAProxy' };
  const unfit = (finding: string, remedy: string) =>
    expected.isBalancer
      ? failedCheck(name, finding, remedy, { refusal: { code: 'install.unsupported' } })
      : toLookAt(name, `${finding}: it cannot be the load balancer`, remedy);
  if (!facts.programs.includes('haproxy')) {
    return [unfit('HAProxy is not installed', 'Install the package haproxy there.')];
  }
  if (facts.haproxy.sections > 0 && facts.haproxy.firstLine !== mark.firstLine) {
    const finding = `${mark.path} already serves ${facts.haproxy.sections} other listeners and was not replaced`;
    return [unfit(finding, 'Move them to another HAProxy, or name another balancer.')];
  }
  return [
    passed(name, 'installed, and its configuration is free or ours'),
    ...balancerFile(facts, expected, mark),
  ];
}

/** Whether the configuration that the installer has written is still what the site asks for. */
function balancerFile(
  { haproxy }: ServerFacts,
  { server, balancerLines }: ExpectedServer,
  mark: BalancerMark,
): PreflightCheck[] {
  if (balancerLines === undefined || haproxy.firstLine !== mark.firstLine) return [];
  const name = { id: 'balancer-file', subject: server.name, what: 'configuration of HAProxy' };
  return [
    haproxy.sha256 === balancerLines
      ? passed(name, `${mark.path} is what this site asks for`)
      : toLookAt(
          name,
          `${mark.path} is not what this site asks for: it was changed by hand, or the site was`,
          'Compare it with npm run site -- balancer FILE. An installation writes it anew, without what was changed by hand.',
        ),
  ];
}

/** No look from outside tells whether the lease store's machine would fail together with a member. */
function standingChecks({ server, isWitness }: ExpectedServer): PreflightCheck[] {
  if (!isWitness) return [];
  const name = { id: 'alone', subject: server.name, what: 'stands on its own' };
  const finding = 'cannot be seen from here: its own host, rack and switch?';
  const remedy = 'If it fails together with a server, nothing fails over by itself.';
  return [unknownCheck(name, finding, remedy, { byPerson: true })];
}
