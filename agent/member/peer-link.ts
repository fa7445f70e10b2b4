import type { WebSocket } from 'ws';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { PeerFrame } from '../../shared/agent-api/peer-frames.ts';
import type { Clock } from '../../shared/clock.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { openSteadySocket } from '../api/steady-socket.ts';
import type { Credentials } from '../tls/credentials.ts';

export type PeerStatus = Omit<PeerFrame, 'type' | 'n'>;

export interface PeerLink {
  /** Serves the peer's own connection to us. */
  serve(socket: WebSocket): void;
  /** Sends a beat now, beside the regular ones: our state has changed. */
  beatNow(): void;
  facts(nowMs: number): {
    readonly reachable: boolean;
    readonly answeredMs: number | null;
    readonly roundTripMs: number | null;
    readonly lossPercent: number | null;
    readonly status: PeerStatus | null;
    readonly trouble: string | null;
  };
  close(): void;
}

const beatsRemembered = 20;

/** Heartbeats to the peer every H (at most 1 s apart); its state comes with its beats and with its answers. */
export function openPeerLink(
  config: MemberConfig,
  credentials: Credentials,
  clock: Clock,
  own: () => PeerStatus,
  onChange: () => void,
): PeerLink {
  const { H, O } = config.timing;
  const everyMs = Math.min(H, 1) * 1000;
  const silentMs = Math.max(3 * everyMs, 2 * O * 1000);
  const sent = new Map<number, { readonly atMs: number; answered: boolean }>();
  let number = 0;
  let answeredAtMs: number | null = null;
  let roundTripMs: number | null = null;
  let status: PeerStatus | null = null;

  const socket = openSteadySocket({
    credentials,
    expected: { kind: 'member', site: config.siteId, cluster: config.cluster, server: config.peer.server },
    address: config.peer.address,
    port: config.peer.port,
    path: agentPaths.peer,
    silenceMs: silentMs,
    retryMs: everyMs,
    onOpen: beatNow,
    onText: takeAnswer,
  });
  const period = setInterval(beatNow, everyMs);

  function beatNow(): void {
    number += 1;
    const frame: PeerFrame = { type: 'beat', n: number, ...own() };
    sent.set(number, { atMs: clock.bootMs(), answered: false });
    sent.delete(number - beatsRemembered);
    socket.send(JSON.stringify(frame));
  }

  function takeAnswer(text: string): void {
    const frame = parseFrame(text);
    if (frame?.type !== 'beat-answer') return;
    const beat = sent.get(frame.n);
    if (beat === undefined) return;
    beat.answered = true;
    answeredAtMs = clock.bootMs();
    roundTripMs = answeredAtMs - beat.atMs;
    take(frame);
  }

  function take(frame: PeerFrame): void {
    const { type: _type, n: _n, ...rest } = frame;
    const changed = status === null || JSON.stringify(status) !== JSON.stringify(rest);
    status = rest;
    if (changed) onChange();
  }

  return {
    serve(incoming) {
      incoming.on('message', (data) => {
        const frame = parseFrame((data as Buffer).toString('utf8'));
        if (frame?.type !== 'beat') return;
        take(frame);
        const answer: PeerFrame = { type: 'beat-answer', n: frame.n, ...own() };
        incoming.send(JSON.stringify(answer));
      });
    },
    beatNow,
    facts(nowMs) {
      const reachable = answeredAtMs !== null && nowMs - answeredAtMs <= silentMs;
      const due = [...sent.values()].filter((beat) => nowMs - beat.atMs > O * 1000);
      const lost = due.filter((beat) => !beat.answered).length;
      return {
        reachable,
        answeredMs: answeredAtMs === null ? null : nowMs - answeredAtMs,
        roundTripMs,
        lossPercent: due.length === 0 ? null : Math.round((100 * lost) / due.length),
        status,
        trouble: reachable ? null : (socket.trouble() ?? 'it is connected but does not answer'),
      };
    },
    close() {
      clearInterval(period);
      socket.close();
    },
  };
}

function parseFrame(text: string): PeerFrame | null {
  try {
    const parsed = PeerFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
