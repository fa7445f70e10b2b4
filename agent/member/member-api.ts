import { agentPaths, agentApiLimits, Command, type CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { startAgentServer, refusal, type AgentCall, type AgentReply } from '../api/agent-server.ts';
import type { SnapshotStream } from '../api/snapshot-stream.ts';
import type { Credentials } from '../tls/credentials.ts';
import { acceptCommand } from './accept-command.ts';
import type { MemberLoop } from './member-loop.ts';
import { memberMetrics } from './member-metrics.ts';
import type { MemberParts } from './member-parts.ts';

/** The member's part of the agent API: who may call what, and how each call is answered. */
export function startMemberApi(
  parts: MemberParts,
  loop: MemberLoop,
  credentials: Credentials,
  snapshot: () => MemberSnapshot,
  stream: SnapshotStream,
): Promise<{ close(): Promise<void> }> {
  const { config, journal, peer } = parts;
  const isPeer = (identity: Identity) =>
    identity.kind === 'member' &&
    identity.cluster === config.cluster &&
    identity.server === config.peer.server;
  const isSelf = (identity: Identity) =>
    identity.kind === 'member' && identity.cluster === config.cluster && identity.server === config.server;
  return startAgentServer(
    credentials,
    { address: config.listen.address, port: config.listen.apiPort },
    {
      get: {
        [agentPaths.status]: () => ({ status: 200, json: snapshot() }),
        [agentPaths.journal]: (call) => readJournal(call),
        [agentPaths.metrics]: () => ({ status: 200, text: memberMetrics(snapshot()) }),
      },
      post: { [agentPaths.commands]: (call) => command(call) },
      sockets: {
        [agentPaths.stream]: (socket, _identity, query) => {
          const from = Number(query.get('from') ?? Number.NaN);
          stream.add(socket, Number.isSafeInteger(from) && from >= 0 ? from : null);
        },
        [agentPaths.peer]: (socket) => peer.serve(socket),
      },
      allows: (identity, path) => {
        if (path === agentPaths.peer) return isPeer(identity);
        if (path === agentPaths.commands)
          return isSelf(identity) || (identity.kind === 'console' && identity.role !== 'viewer');
        return isSelf(identity) || identity.kind === 'console';
      },
    },
  );

  function readJournal(call: AgentCall): AgentReply {
    const from = Number(call.query.get('from') ?? 1);
    const limit = Number(call.query.get('limit') ?? agentApiLimits.journalPage);
    if (
      !Number.isSafeInteger(from) ||
      from < 0 ||
      !Number.isSafeInteger(limit) ||
      limit < 1 ||
      limit > agentApiLimits.journalPage
    ) {
      return refusal(
        400,
        productError(
          'request.invalid',
          `from and limit must be whole numbers, limit at most ${agentApiLimits.journalPage}.`,
        ),
      );
    }
    return { status: 200, json: journal.read(from, limit) };
  }

  function command(call: AgentCall): AgentReply {
    const parsed = Command.safeParse(call.body);
    if (!parsed.success) {
      const fields = parsed.error.issues.map(
        (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
      );
      return refusal(
        400,
        productError('request.invalid', 'The command was not understood.', fields.slice(0, 20)),
      );
    }
    const answer: CommandAnswer = acceptCommand(
      parts,
      loop.decision().facts,
      parsed.data,
      personOf(call.identity),
    );
    loop.poke();
    return { status: answer.accepted ? 202 : 409, json: answer };
  }
}

/** The name that the journal keeps for who asked. */
function personOf(identity: Identity): string {
  switch (identity.kind) {
    case 'console':
      return identity.name;
    case 'member':
      return `administrator on ${identity.server}`;
    case 'witness':
      return `witness ${identity.server}`;
  }
}
