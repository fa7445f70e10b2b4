import type { BalancerVerification } from '../../../shared/balancer/balancer-check.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { ServerConnection, SshTarget } from '../ssh/server-connection.ts';
import { keepVerification } from './kept-verification.ts';
import { verifyBalancer } from './verify-balancer.ts';

export interface VerifyInputs {
  readonly profileDirectory: string;
  readonly connect: ConnectServer;
  readonly target: (server: Server) => Promise<Result<SshTarget, ProductError>>;
}

/**
 * Verifies the load balancer of a site with the members asked over SSH, and keeps the result with the site. A member
 * that cannot be reached is no error: what only it could have told is then unknown.
 */
export async function verifyThroughSsh(
  site: SiteDocument,
  inputs: VerifyInputs,
): Promise<BalancerVerification> {
  const members = new Set(site.clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)));
  const opened = new Map<string, ServerConnection>();
  try {
    await Promise.all(
      site.servers
        .filter(({ id }) => members.has(id))
        .map(async (server) => {
          const target = await inputs.target(server);
          const connected = target.ok ? await inputs.connect(target.value) : target;
          if (connected.ok) opened.set(server.id, connected.value);
        }),
    );
    const checks = await verifyBalancer(site, opened);
    const verification = { wallTime: new Date().toISOString(), checks };
    await keepVerification(inputs.profileDirectory, verification);
    return verification;
  } finally {
    for (const connection of opened.values()) connection.close();
  }
}
