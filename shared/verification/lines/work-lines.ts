import {
  activeOf,
  fromOf,
  journalOf,
  otherOf,
  silence,
  stepOf,
  stepWord,
  type MemberSeen,
  type MoveEvidence,
} from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign, type SignSide } from '../signs.ts';
import { engineEnd, stoppedSign } from './engine-lines.ts';
import { answerSign } from './lease-lines.ts';
import type { Line, Look } from './line.ts';

/** V10 to V12: what brings work in. */
export const workLines: readonly Line[] = [
  {
    id: 'V10',
    title: 'Pollers once',
    claim: 'Every poller runs exactly once, on the new Active.',
    proof:
      'They were stopped where they ran before, all run on the new Active, and the engine of the other is stopped.',
    look: pollersOnce,
  },
  {
    id: 'V11',
    title: 'Listeners',
    claim: 'The listeners are open on the new Active only, and the senders have come back.',
    proof: 'Both servers were looked at, messages come in, and as many senders are connected as before.',
    look: listeners,
  },
  {
    id: 'V12',
    title: 'Balancer',
    claim: 'The load balancer sends to the new Active, seen from outside, and old sessions are closed.',
    proof:
      'A look from outside finds the new Active behind the balancer, /active says 200 there and 503 on the other, whose engine is stopped.',
    look: balancer,
  },
];

function pollersOnce(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const now = active.snapshot?.engine.pollers.value ?? null;
  const was = e.earlier?.pollers ?? null;
  return {
    before: was === null ? null : `${was.on} on ${fromOf(e).name}`,
    after: now === null ? null : `${now.on} on ${active.name}`,
    signs: [pollersStopped(e), pollersOn(active), pollersStarted(e), otherPollers(other)],
  };
}

function pollersStopped(e: MoveEvidence): Sign {
  const about = { side: 'before', from: journalOf(fromOf(e)) } as const;
  const stopped = stepOf(e, e.move.from, 'stop-pollers');
  if (stopped) return shown(about, `stopped: ${stepWord(stopped)}`);
  const ended = engineEnd(e);
  if (ended) return shown(about, 'they ended with its engine');
  return missing(about, 'it does not tell when they ended there');
}

function pollersOn(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name, core: true } as const;
  if (active.snapshot === null) return missing(about, silence(active));
  const { value, why } = active.snapshot.engine.pollers;
  if (value === null) return missing(about, why ?? 'its pollers are not told');
  if (value.total === 0) return fits(about, 'its engine tells of no poller');
  const next = 'Start the pollers at the engine, or look there why they do not go on.';
  const says = `${value.on} of ${value.total} on`;
  return value.on === value.total ? shown(about, says) : against({ ...about, next }, says);
}

function pollersStarted(e: MoveEvidence): Sign {
  const about = { side: 'after', from: journalOf(activeOf(e)) } as const;
  const started = stepOf(e, e.move.active, 'start-pollers');
  return started ? shown(about, `started: ${stepWord(started)}`) : missing(about, 'no start of them is told');
}

/** Nothing polls in an engine that is stopped; one that runs is judged by what it has on. */
function otherPollers(other: MemberSeen): Sign {
  const on = other.snapshot?.engine.pollers.value?.on ?? null;
  if (other.snapshot?.engine.process.value !== 'running' || on !== 0) return stoppedSign(other);
  return shown({ side: 'before', from: other.name }, 'none on, though its engine runs');
}

function listeners(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const { earlier, balancer: seen } = e;
  return {
    before: earlier?.sessions == null ? null : `${earlier.sessions} senders`,
    after: seen.sessions === null ? (signalOf(active)?.text ?? null) : `${seen.sessions} senders`,
    signs: [
      listenerSign(active, 'active', 'after'),
      listenerSign(other, 'passive', 'before'),
      receivedSign(active),
      sendersSign(e),
    ],
  };
}

function signalOf(member: MemberSeen) {
  return member.report?.role.signals.find(({ name }) => name === 'listeners');
}

function listenerSign(member: MemberSeen, wanted: 'active' | 'passive', side: SignSide): Sign {
  const about = { side, from: member.name, core: wanted === 'active' };
  const signal = signalOf(member);
  if (signal === undefined) return missing(about, `its listeners: ${silence(member)}`);
  if (signal.says === null) return missing(about, `its listeners: ${signal.text}`);
  const [, open, all] = /^(\d+) of (\d+)\b/.exec(signal.text) ?? [];
  const some = wanted === 'active' && open !== all;
  const next = 'Look at the named component in the engine, and what else holds its port.';
  return signal.says === wanted && !some
    ? shown(about, signal.text)
    : against({ ...about, next }, signal.text);
}

function receivedSign(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name } as const;
  const received = active.snapshot?.engine.received.value ?? null;
  if (received === null)
    return missing(about, `messages received: ${active.snapshot?.engine.received.why ?? silence(active)}`);
  const next = 'Wait for the next message, then check again.';
  return received > 0
    ? shown(about, `${received} messages received since its start`)
    : missing({ ...about, core: true, next }, 'no message has come in yet');
}

function sendersSign({ earlier, balancer: seen }: MoveEvidence): Sign {
  const about = { side: 'outside', from: seen.name } as const;
  if (seen.sessions === null) return missing(about, 'how many senders are connected is not counted');
  if (earlier?.sessions == null)
    return missing(about, `${seen.sessions} senders connected; before the move they were not counted`);
  const says = `${seen.sessions} senders connected, ${earlier.sessions} before`;
  const next = 'Ask the owners of the senders that have not come back.';
  return seen.sessions >= earlier.sessions ? shown(about, says) : missing({ ...about, next }, says);
}

function balancer(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const nameOf = (server: string) => e.members.find((member) => member.server === server)?.name ?? server;
  const { sendsTo } = e.balancer;
  const received = active.snapshot?.engine.received.value ?? 0;
  return {
    before: fromOf(e).name,
    after: sendsTo === null ? null : nameOf(sendsTo),
    signs: [
      sendsSign(e, nameOf, received > 0),
      answerSign(active, '200', 'after'),
      answerSign(other, '503', 'before'),
      stoppedBeside(other),
    ],
  };
}

/** That two engines ran is told by V01 and V10, which it lasts in; here it may be mended. */
function stoppedBeside(other: MemberSeen): Sign {
  const { lasts: _lasts, ...sign } = stoppedSign(other);
  return { ...sign, core: false };
}

/** Messages that come in tell that somebody sends there: without them and without a look nothing is known. */
function sendsSign(
  { balancer: { name, sendsTo, said }, move }: MoveEvidence,
  nameOf: (id: string) => string,
  isReceiving: boolean,
): Sign {
  const about = { side: 'outside', from: name, core: !isReceiving } as const;
  if (sendsTo === null) {
    const next = 'Look from outside with: npm run site -- balancer verify FILE, then check again.';
    return missing({ ...about, next }, said);
  }
  const next =
    'Compare the balancer’s health check with the recipe; until then take the other server out by hand.';
  return sendsTo === move.active
    ? shown(about, said)
    : against({ ...about, next }, `it sends to ${nameOf(sendsTo)}: ${said}`);
}
