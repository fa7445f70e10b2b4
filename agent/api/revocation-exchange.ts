import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { RevocationAnswer, type RevocationOffer } from '../../shared/agent-api/revocation-frames.ts';
import type { CancelTimer, Timers } from '../../shared/clock.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { longestRevocationText } from '../../shared/site/revocation-list.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { exchangeText } from './exchange-text.ts';
import { connectTo } from '../tls/connect-to.ts';
import type { TlsSide } from '../tls/tls-side.ts';

/** Another program of the site, at an address. */
export interface Neighbour {
  readonly expected: Identity;
  readonly address: string;
  readonly port: number;
}

/** A connection of its own for a question that is nearly always answered by "the same": seldom is enough. */
const agreedAgainMs = 60_000;
/** Whoever could not be asked may have missed something. */
const missedAgainMs = 15_000;
const limitMs = 5_000;
const answerBytes = 4 * longestRevocationText;

/**
 * Compares the revocation list with that of every neighbour, at the start, after each newer list, and now and then: who
 * was off when a certificate was revoked hears of it from the first one that it reaches. Answers with what ends it.
 */
export function exchangeRevocations(
  side: TlsSide,
  neighbours: readonly Neighbour[],
  timers: Timers,
  note: (sentence: string) => void,
): () => void {
  const told = new Set<string>();
  const tellRefusal = (refused: string | null) => {
    if (refused === null || told.has(refused)) return;
    told.add(refused);
    note(refused);
  };
  const next = new Map<Neighbour, CancelTimer>();
  let ended = false;
  const ask = async (neighbour: Neighbour) => {
    const againMs = await compare(side, neighbour).then(
      (refused) => {
        tellRefusal(refused);
        return agreedAgainMs;
      },
      () => missedAgainMs,
    );
    if (ended) return;
    next.get(neighbour)?.();
    const again = timers.after(againMs, () => void ask(neighbour));
    next.set(neighbour, again);
  };
  const all = () => neighbours.forEach((neighbour) => void ask(neighbour));
  side.revocations.onNewer(all);
  timers.soon(all);
  return () => {
    ended = true;
    next.forEach((cancel) => cancel());
  };
}

/** One round with one neighbour; a sentence when its list is refused. Rejects when it cannot be asked. */
async function compare(side: TlsSide, neighbour: Neighbour): Promise<string | null> {
  const { revocations } = side;
  const answer = await offer(side, neighbour, { number: revocations.number() });
  if (answer.list !== undefined) {
    const taken = revocations.take(answer.list);
    return taken.ok ? null : `${taken.error.message} It came from another program of this site.`;
  }
  const list = revocations.text();
  if (list !== null && answer.number < revocations.number()) {
    await offer(side, neighbour, { number: revocations.number(), list });
  }
  return null;
}

async function offer(
  side: TlsSide,
  { expected, address, port }: Neighbour,
  body: RevocationOffer,
): Promise<RevocationAnswer> {
  const open = () => connectTo(side, expected, { host: address, port });
  const text = await exchangeText(open, {
    address,
    port,
    method: 'POST',
    path: agentPaths.revocations,
    body,
    withinMs: limitMs,
    answerBytes,
  });
  return RevocationAnswer.parse(parseJson(text));
}
