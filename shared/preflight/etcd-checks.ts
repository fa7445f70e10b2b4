import { endpointText, quorumOf } from '../site/etcd-rules.ts';
import type { ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, toLookAt, type PreflightCheck } from './preflight-check.ts';
import type { ServerFacts } from './server-facts.ts';

/** Whether a member's server reaches the etcd that keeps its leases. Its version and sign-in need the program. */
export function etcdChecks(
  { ways }: ServerFacts,
  { server, etcdEndpoints }: ExpectedServer,
): PreflightCheck[] {
  if (etcdEndpoints.length === 0) return [];
  const name = { id: 'etcd', subject: server.name, what: 'lease store (etcd)' };
  const missing = etcdEndpoints.filter(({ address, port }) => !ways.has(`${address} ${port}`));
  const reached = etcdEndpoints.length - missing.length;
  const finding = `${reached} of ${etcdEndpoints.length} endpoints take a connection from here`;
  const evidence = missing.map((endpoint) => `no connection to ${endpointText(endpoint)}`);
  const remedy = 'Start etcd there, and let this server through the firewall between.';
  if (missing.length === 0) {
    return [passed(name, `${finding}; version, certificates and sign-in are tried by the installation`)];
  }
  if (reached >= quorumOf(etcdEndpoints.length)) return [toLookAt(name, finding, remedy, { evidence })];
  return [failedCheck(name, finding, remedy, { evidence, refusal: { code: 'server.unreachable' } })];
}
