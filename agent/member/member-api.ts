import {
  adminVerbs,
  cancelScheduleVerb,
  scheduleVerb,
  agentPaths,
  agentApiLimits,
  Command,
  type CommandAnswer,
  readmitVerb,
  rehearseVerb,
  reinstateStoreVerb,
  replaceStoreVerb,
  retireStoreVerb,
} from '../../shared/agent-api/agent-api.ts';
import type { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { RawRelay } from '../api/raw-relay.ts';
import {
  startAgentServer,
  refusal,
  type AgentCall,
  type AgentReply,
  type AgentRoutes,
} from '../api/agent-server.ts';
import { takeOffer } from '../api/revocation-route.ts';
import { siteConfigurationBeside, tellSiteConfiguration } from '../api/site-configuration-route.ts';
import type { SnapshotStream } from '../api/snapshot-stream.ts';
import type { Journal } from '../journal/journal.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { TlsSide } from '../tls/tls-side.ts';
import { takeNotifySecret, takeNotifySecrets, takeNotifyTest } from '../notifications/notification-routes.ts';
import { takeAcknowledgement } from '../notifications/acknowledge-route.ts';
import type { Acknowledgements } from '../notifications/acknowledgements.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { acceptCommand } from './accept-command.ts';
import { acceptReadmission } from './accept-readmission.ts';
import { acceptRehearsal } from './accept-rehearsal.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { acceptStoreReplacement } from './accept-store-replacement.ts';
import { acceptStoreRetirement } from './accept-store-retirement.ts';
import { acceptPolicy, isPolicyCommand } from './accept-policy.ts';
import type { MemberLoop } from './member-loop.ts';
import { keptBack } from './permitted.ts';
import { memberMetrics } from './member-metrics.ts';
import type { MemberParts } from './member-parts.ts';

/** The member's part of the agent API: who may call what, and how each call is answered. */
export async function startMemberApi(
  parts: MemberParts,
  loop: MemberLoop,
  side: TlsSide,
  told: { snapshot(): MemberSnapshot; evidence(): EvidenceReport },
  stream: SnapshotStream,
  people: PeopleParts,
): Promise<{ close(): Promise<void> }> {
  const { config, journal, peer } = parts;
  const { notifier, acknowledgements } = people;
  const listen = { address: config.listen.address, port: config.listen.apiPort };
  const relay = openRelay(config);
  const routes: AgentRoutes = {
    get: {
      [agentPaths.status]: () => ({ status: 200, json: told.snapshot() }),
      [agentPaths.evidence]: () => ({ status: 200, json: told.evidence() }),
      [agentPaths.journal]: (call) => readJournal(journal, call),
      [agentPaths.siteConfiguration]: () =>
        tellSiteConfiguration(siteConfigurationBeside(config.paths.certificates)),
      [agentPaths.metrics]: () => ({ status: 200, text: memberMetrics(told.snapshot()) }),
    },
    post: {
      [agentPaths.commands]: (call) => takeCommand(parts, loop, call),
      [agentPaths.revocations]: (call) => takeOffer(side.revocations, call),
      [agentPaths.notifyTest]: (call) => takeNotifyTest(notifier, call, personOf(call.identity)),
      [agentPaths.notifySecrets]: (call) => takeNotifySecrets(notifier, call),
      [agentPaths.acknowledge]: (call) =>
        takeAcknowledgement(acknowledgements, call, personOf(call.identity)),
      [agentPaths.notifySecret]: (call) => takeNotifySecret(notifier, call),
    },
    sockets: {
      [agentPaths.stream]: (socket, _identity, query) => {
        const from = Number(query.get('from') ?? Number.NaN);
        stream.add(socket, Number.isSafeInteger(from) && from >= 0 ? from : null);
      },
      [agentPaths.peer]: (socket) => peer.serve(socket),
    },
    tunnels: relay === null ? {} : { [agentPaths.relay]: (raw, head) => relay.serve(raw, head) },
    oneEach: [agentPaths.peer],
    allows: (identity, path) => mayUse(config, identity, path),
  };
  const server = await startAgentServer(side, listen, routes);
  return {
    close: async () => {
      relay?.close();
      await server.close();
    },
  };
}

/** The peer's way to a witness through this agent. An etcd has ways of its own: it is several machines. */
function openRelay({ store, timing }: MemberConfig): RawRelay | null {
  if ('kind' in store) return null;
  const { address, port } = store;
  return new RawRelay({ address, port, connectMs: timing.O * 1000, idleMs: relayIdleMs });
}

/** A relayed stream carries a renewal every H and the store's pings. */
const relayIdleMs = 30_000;

/** What people are told with, and what they have said that they know of. */
interface PeopleParts {
  readonly notifier: Notifier | null;
  readonly acknowledgements: Acknowledgements;
}

/** What only the peer may use: its beats, and its way to the lease store. */
const peerPaths: readonly string[] = [agentPaths.peer, agentPaths.relay];

/** What changes or sends something. */
const operatorPaths: readonly string[] = [agentPaths.commands, agentPaths.notifyTest, agentPaths.acknowledge];

const adminPaths: readonly string[] = [agentPaths.notifySecrets, agentPaths.notifySecret];

/** Viewers read, operators and admins command; the peer beats and is relayed; this member's own certificate is root here. */
function mayUse(config: MemberConfig, identity: Identity, path: string): boolean {
  if (identity.kind === 'console') {
    if (adminPaths.includes(path)) return identity.role === 'admin';
    return !peerPaths.includes(path) && (identity.role !== 'viewer' || !operatorPaths.includes(path));
  }
  if (identity.kind !== 'member' || identity.cluster !== config.cluster) return false;
  if (path === agentPaths.revocations) return true;
  if (peerPaths.includes(path)) return identity.server === config.peer.server;
  return identity.server === config.server;
}

function readJournal(journal: Journal, call: AgentCall): AgentReply {
  const from = Number(call.query.get('from') ?? 1);
  const limit = Number(call.query.get('limit') ?? agentApiLimits.journalPage);
  const fits = Number.isSafeInteger(from) && from >= 0 && Number.isSafeInteger(limit) && limit >= 1;
  if (fits && limit <= agentApiLimits.journalPage) return { status: 200, json: journal.read(from, limit) };
  const sentence = `from and limit must be whole numbers, limit at most ${agentApiLimits.journalPage}.`;
  return refusal(400, productError('request.invalid', sentence));
}

async function takeCommand(parts: MemberParts, loop: MemberLoop, call: AgentCall): Promise<AgentReply> {
  const parsed = Command.safeParse(call.body);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
    return refusal(
      400,
      productError('request.invalid', 'The command was not understood.', fields.slice(0, 20)),
    );
  }
  const { facts } = loop.decision();
  const person = personOf(call.identity);
  const command = parsed.data;
  if (
    adminVerbs.includes(command.verb) &&
    call.identity.kind === 'console' &&
    call.identity.role !== 'admin'
  ) {
    const said = `${command.verb} is for administrators; ${person} is ${call.identity.role}.`;
    return refusal(403, productError('command.forbidden', said));
  }
  const answer = refusalBeforeArmed(parts) ?? (await accept(parts, facts, command, person));
  loop.poke();
  return { status: answer.accepted ? 202 : 409, json: answer };
}

/** Whoever asks: a member that is not armed starts, stops and moves nothing. */
function refusalBeforeArmed({ config }: MemberParts): CommandAnswer | null {
  if (config.mode === undefined) return null;
  const said = `${config.cluster} cannot be changed from here: ${keptBack[config.mode]}.`;
  const error = productError('command.refused', said, [], 'Arm the site first: npm run site -- arm FILE.');
  return { accepted: false, error, blockers: [] };
}

async function accept(parts: MemberParts, facts: MemberFacts, command: Command, person: string) {
  if (isPolicyCommand(command)) return acceptPolicy(parts, facts, command, person);
  if (command.verb === replaceStoreVerb) return acceptStoreReplacement(parts, command, person);
  if (command.verb === retireStoreVerb || command.verb === reinstateStoreVerb)
    return acceptStoreRetirement(parts, facts, command, person);
  if (command.verb === readmitVerb) return acceptReadmission(parts, facts, command, person);
  if (command.verb === scheduleVerb || command.verb === cancelScheduleVerb)
    return parts.schedule!.accept(facts, command, person);
  if (command.verb === rehearseVerb) return acceptRehearsal(parts, facts, command, person);
  return acceptCommand(parts, facts, command, person);
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
