import {
  adminVerbs,
  agentPaths,
  agentApiLimits,
  Command,
  type CommandAnswer,
  requestVerbs,
} from '../../shared/agent-api/agent-api.ts';
import type { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import type { Person } from '../../shared/second-person/person.ts';
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
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { carryOut } from './carry-out.ts';
import type { MemberLoop } from './member-loop.ts';
import { keptBack } from './permitted.ts';
import { memberMetrics } from './member-metrics.ts';
import type { CarryOut, MemberParts } from './member-parts.ts';

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
      [agentPaths.engineLog]: (call) => readEngineLog(parts, call),
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

async function readEngineLog({ engineLog }: MemberParts, call: AgentCall): Promise<AgentReply> {
  const epoch = Number(call.query.get('epoch') ?? Number.NaN);
  const fits = Number.isSafeInteger(epoch) && epoch >= 1;
  if (fits && engineLog !== undefined) return { status: 200, json: await engineLog.read(epoch) };
  return refusal(400, productError('request.invalid', 'epoch must be a whole number above 0.'));
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
  if (!mayAsk(call.identity, command.verb)) {
    const role = call.identity.kind === 'console' ? call.identity.role : call.identity.kind;
    const said = `${command.verb} is for administrators; ${person} is ${role}.`;
    return refusal(403, productError('command.forbidden', said));
  }
  const who = callerOf(call.identity, command);
  const answer = refusalBeforeArmed(parts) ?? (await accept(parts, facts, command, who, call.identity));
  loop.poke();
  const taken = answer.accepted || answer.waits !== undefined;
  return { status: taken ? 202 : 409, json: answer };
}

/** The peer's and the server's own certificate are root there; a console has the role of its certificate. */
function mayAsk(identity: Identity, verb: Command['verb']): boolean {
  return !adminVerbs.includes(verb) || identity.kind !== 'console' || identity.role === 'admin';
}

/** Whoever asks: a member that is not armed starts, stops and moves nothing. */
function refusalBeforeArmed({ config }: MemberParts): CommandAnswer | null {
  if (config.mode === undefined) return null;
  const said = `${config.cluster} cannot be changed from here: ${keptBack[config.mode]}.`;
  const error = productError('command.refused', said, [], 'Arm the site first: npm run site -- arm FILE.');
  return { accepted: false, error, blockers: [] };
}

/** A person's word on what waits, or a command: which waits itself where the cluster asks for a second person. */
async function accept(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  who: Person,
  identity: Identity,
): Promise<CommandAnswer> {
  const requests = parts.requests!;
  const act: CarryOut = (asked, by) => carryOut(parts, facts, asked, by);
  if ((requestVerbs as readonly string[]).includes(command.verb)) {
    const second = { who, mayAsk: (verb: Command['verb']) => mayAsk(identity, verb) };
    return requests.decide(facts, command, second, act);
  }
  return requests.hold(facts, command, who) ?? (await act(command, who.called));
}

/** A console has the name of its certificate. On a server anybody who is root there may give any name. */
function callerOf(identity: Identity, { administrator }: Command): Person {
  const called = personOf(identity);
  if (identity.kind === 'console') return { called, name: identity.name };
  const name = administrator?.trim() ?? '';
  return name === '' ? { called, name: null } : { called: `${name}, ${called}`, name };
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
