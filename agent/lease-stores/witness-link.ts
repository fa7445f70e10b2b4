import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import type { Endpoint as WitnessEndpoint, MemberConfig } from '../../shared/site/member-config.ts';
import type { Dial } from '../api/dial.ts';
import { SteadySocket, type SteadySocketOptions } from '../api/steady-socket.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';
import { TwoWayLink } from './two-way-link.ts';

export interface WitnessPorts {
  readonly dial: Dial;
  readonly timers: Timers;
  readonly clock: Clock;
}

/** Lease traffic to a witness, directly or through the peer; `note` tells the journal when that changes. */
export function openWitnessLink(
  config: MemberConfig,
  store: WitnessEndpoint,
  ports: WitnessPorts,
  onAnswer: AnswerListener,
  onOpen: () => void,
  note: (sentence: string) => void,
): LeaseStoreLink {
  const { peer, siteId: site, cluster, timing } = config;
  const { timers, clock } = ports;
  const through = {
    expected: { kind: 'member', site, cluster, server: peer.server },
    address: peer.address,
    port: peer.port,
    path: agentPaths.relay,
  } as const;
  return new TwoWayLink({
    timing,
    clock,
    timers,
    peerName: peer.serverName,
    openDirect: (...heard) => openOneWay(config, store, ports, { path: agentPaths.lease }, ...heard),
    openThroughPeer: (...heard) =>
      openOneWay(config, store, ports, { path: agentPaths.leaseThroughPeer, through }, ...heard),
    onAnswer,
    onOpen,
    note,
  });
}

/** One WebSocket with small frames. */
function openOneWay(
  { siteId, timing: { H, O } }: MemberConfig,
  store: WitnessEndpoint,
  { dial, timers }: WitnessPorts,
  way: Pick<SteadySocketOptions, 'path' | 'through'>,
  onAnswer: AnswerListener,
  onOpen: () => void,
): LeaseStoreLink {
  const socket = new SteadySocket({
    dial,
    timers,
    expected: { kind: 'witness', site: siteId, server: store.server },
    address: store.address,
    port: store.port,
    ...way,
    silenceMs: 2 * O * 1000,
    retryMs: Math.min(H, 0.5) * 1000,
    onOpen,
    onText: (text) => {
      const answer = parseAnswer(text);
      if (answer !== null) onAnswer(answer);
    },
  });
  return {
    send: (request) => socket.send(JSON.stringify(request)),
    trouble: () => socket.trouble(),
    close: () => socket.close(),
  };
}

function parseAnswer(text: string): LeaseAnswer | null {
  try {
    const parsed = LeaseAnswer.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
