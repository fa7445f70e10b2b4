import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import type { SshTarget } from '../ssh/server-connection.ts';
import type { SessionPool } from '../ssh/session-pool.ts';
import type { AgentWay } from './agent-way.ts';

/**
 * Reaches agents through the SSH server of their machine, for sites whose firewall lets only SSH through
 * from the workstation. One connection per server carries all its agents.
 */
export function sshWay(
  site: SiteDocument,
  access: SiteAccess,
  pool: Pick<SessionPool, 'lease'>,
  help: SignInHelp,
): AgentWay | undefined {
  return sshWayBy(site, access, pool, (server) => sshTarget(server, access, help));
}

/** The same where whoever asks knows the way to a server, with secrets that stand in no file. */
export function sshWayBy(
  site: SiteDocument,
  { access }: Pick<SiteAccess, 'access'>,
  pool: Pick<SessionPool, 'lease'>,
  targetOf: (server: Server) => Promise<Result<SshTarget, ProductError>>,
): AgentWay | undefined {
  const through = new Set(
    Object.entries(access).flatMap(([id, one]) => (one.agentsThroughSsh === true ? [id] : [])),
  );
  if (through.size === 0) return undefined;
  return {
    leadsTo: (endpoint) => through.has(endpoint.server),
    open: async (endpoint) => {
      const server = site.servers.find((candidate) => candidate.id === endpoint.server)!;
      const target = await targetOf(server);
      if (!target.ok) return target;
      const leased = await pool.lease(target.value);
      if (!leased.ok) return leased;
      const { session, release } = leased.value;
      const carrier = await session.forward(endpoint.address, endpoint.port);
      if (carrier.ok) {
        carrier.value.once('close', release);
        return carrier;
      }
      release();
      if (carrier.error.code !== 'server.unreachable' || !session.isOpen()) return carrier;
      // The server is reached; only its agent is not.
      const said = `Nothing listens for ${endpoint.name} on port ${endpoint.port} of its server (asked over SSH).`;
      return fail(productError('agent.unreachable', said, [carrier.error.message]));
    },
  };
}
