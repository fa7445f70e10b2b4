import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Timers } from '../../shared/clock.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { Dial } from '../api/dial.ts';
import { SteadySocket } from '../api/steady-socket.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';

/** Lease traffic to a witness over one WebSocket with small frames. */
export function openWitnessLink(
  config: MemberConfig,
  { dial, timers }: { readonly dial: Dial; readonly timers: Timers },
  onAnswer: AnswerListener,
  onOpen: () => void,
): LeaseStoreLink {
  const { H, O } = config.timing;
  const socket = new SteadySocket({
    dial,
    timers,
    expected: { kind: 'witness', site: config.siteId, server: config.store.server },
    address: config.store.address,
    port: config.store.port,
    path: agentPaths.lease,
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
