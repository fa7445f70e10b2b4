import type { AgentSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { StreamFrame } from '../../../shared/agent-api/agent-api.ts';
import { productError } from '../../../shared/errors.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';
import type { ConsoleCredentials } from './agent-tls.ts';
import type { AgentWay } from './agent-way.ts';
import {
  isSilent,
  newLink,
  nextLink,
  type LinkEvent,
  type LinkLimits,
  type LinkState,
} from './link-state.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { openStream, type StreamConnection } from './stream-connection.ts';

/** Longest wait for TCP, TLS and WebSocket together. */
const openWithinMs = 3000;
/** Upper bound of one frame from an agent: far above a snapshot, far below what would hurt. */
const frameBytes = 1024 * 1024;
const nonsenseShownMs = 10_000;

export interface AgentLinkOptions {
  readonly endpoint: AgentEndpoint;
  readonly credentials: ConsoleCredentials;
  readonly time: HostTime;
  readonly chance: () => number;
  readonly way?: AgentWay | undefined;
  /** Called after every change of `current()`, with the snapshot before it. */
  readonly onChange: (before: LinkedAgent, after: LinkedAgent) => void;
}

/** One agent as the console sees it now: the state of the link, and the last thing it said. */
export interface LinkedAgent {
  readonly endpoint: AgentEndpoint;
  readonly link: LinkState;
  readonly snapshot: AgentSnapshot | null;
}

export interface AgentLink {
  current(): LinkedAgent;
  stop(): void;
}

/** Keeps one stream to one agent open for as long as the console runs. */
export function startAgentLink(options: AgentLinkOptions): AgentLink {
  const { endpoint, time } = options;
  const limits: LinkLimits = { silenceMs: endpoint.silenceMs, nonsenseShownMs, name: endpoint.name };
  const pingEveryMs = Math.min(1000, endpoint.silenceMs / 3);
  let current: LinkedAgent = { endpoint, link: newLink(time.bootMs()), snapshot: null };
  let connection: StreamConnection | undefined;
  let stopped = false;
  let cancelTurn: Cancel = () => undefined;
  let cancelRetry: Cancel = () => undefined;

  const apply = (event: LinkEvent, snapshot = current.snapshot) => {
    const before = current;
    current = { endpoint, link: nextLink(before.link, event, time.bootMs(), limits), snapshot };
    options.onChange(before, current);
  };
  const receive = (frame: StreamFrame) => {
    if (frame.type === 'snapshot') apply({ kind: 'snapshot' }, frame.snapshot);
  };
  const open = () => {
    connection = openStream(
      { endpoint, credentials: options.credentials, time, openWithinMs, frameBytes, way: options.way },
      {
        onOpen: () => apply({ kind: 'opened' }),
        onAlive: () => apply({ kind: 'alive' }),
        onFrame: receive,
        onNonsense: (error) => apply({ kind: 'nonsense', error }),
        onClosed: (error) => {
          connection = undefined;
          if (stopped) return;
          apply({ kind: 'closed', error });
          cancelRetry = time.after(reconnectDelayMs(current.link.failures, options.chance()), open);
        },
      },
    );
  };
  const turn = () => {
    if (isSilent(current.link, time.bootMs(), limits)) {
      apply({ kind: 'look' });
      const { error } = current.link;
      connection?.end(error ?? productError('agent.unreachable', `${endpoint.name} is silent.`));
    }
    connection?.ping();
    cancelTurn = time.after(pingEveryMs, turn);
  };
  open();
  cancelTurn = time.after(pingEveryMs, turn);
  return {
    current: () => current,
    stop: () => {
      stopped = true;
      cancelTurn();
      cancelRetry();
      connection?.end(productError('agent.unreachable', 'The console closes.'));
    },
  };
}
