/**
 * Whether the queues went on where they were when the cluster moved. Nothing is rounded up: what the engine does
 * not tell is `unknown`, and how strong a `continued` is stands beside it.
 */
import type { LedgerEntry, QueueLedger } from './queue-ledger.ts';

export type QueueVerdict = 'continued' | 'gap' | 'fewer' | 'unknown';

export interface ComparedQueue {
  readonly name: string;
  readonly verdict: QueueVerdict;
  /** positions: shown by the numbers of messages · counts: only fits how many wait · none: nothing to go by. */
  readonly shownBy: 'positions' | 'counts' | 'none';
  readonly sentence: string;
}

export interface LedgerComparison {
  readonly before: Pick<QueueLedger, 'server' | 'epoch' | 'sealed'>;
  readonly after: Pick<QueueLedger, 'server' | 'epoch'>;
  readonly queues: readonly ComparedQueue[];
  /** The worst of all: gap before fewer before unknown before continued. */
  readonly verdict: QueueVerdict;
  readonly sentence: string;
}

/**
 * @param before the last ledger of the Active that was
 * @param after the first one of the Active that is
 */
export function compareLedgers(before: QueueLedger, after: QueueLedger): LedgerComparison {
  const names = new Set([...before.entries, ...after.entries].map(({ name }) => name));
  const find = (ledger: QueueLedger, name: string) => ledger.entries.find((entry) => entry.name === name);
  const queues = [...names].map((name): ComparedQueue => {
    const [old, now] = [find(before, name), find(after, name)];
    const judged =
      old === undefined || now === undefined
        ? unknown(
            old === undefined ? 'nothing was known of it before' : 'the engine does not tell of it any more',
          )
        : judge(old, now, before);
    return { name, ...judged, sentence: `${name}: ${judged.sentence}.` };
  });
  const verdict = worst(queues);
  return {
    before: { server: before.server, epoch: before.epoch, sealed: before.sealed },
    after: { server: after.server, epoch: after.epoch },
    queues,
    verdict,
    sentence: wholeSentence(queues, before),
  };
}

type Judged = Omit<ComparedQueue, 'name'>;

function judge(old: LedgerEntry, now: LedgerEntry, before: QueueLedger): Judged {
  const numbers = { oldLast: old.lastNumber, oldAt: old.position, last: now.lastNumber, at: now.position };
  if (known(numbers)) return byPositions(numbers, now.queued, holesKnown(numbers, old.queued, before.sealed));
  if (old.queued === null || now.queued === null)
    return unknown('this version of the engine does not count it');
  return byCounts(old.queued, now.queued, {
    // Off at both looks: nothing was sent between them.
    stood: before.sealed && old.on === false && now.on === false,
  });
}

interface Numbers {
  readonly oldLast: number;
  readonly oldAt: number;
  readonly last: number;
  readonly at: number;
}

function known(numbers: Readonly<Record<keyof Numbers, number | null>>): numbers is Numbers {
  return Object.values(numbers).every((number) => number !== null);
}

/**
 * Numbers that were given to messages which the engine then refused are no gap. How many of them there may be: those
 * that were there before; null when more may have come since, because the ledger was not sealed.
 */
function holesKnown({ oldLast, oldAt }: Numbers, oldQueued: number | null, sealed: boolean): number | null {
  return sealed ? Math.max(0, oldLast - oldAt - (oldQueued ?? 0)) : null;
}

function byPositions(
  { oldLast, oldAt, last, at }: Numbers,
  queued: number | null,
  holes: number | null,
): Judged {
  const shownBy = 'positions';
  if (last < oldLast) {
    const missing = oldLast - last;
    const sentence = `${messages(missing)} that had been taken in ${are(missing)} missing: the last was ${oldLast}, now it is ${last}`;
    return { verdict: 'fewer', shownBy, sentence };
  }
  if (at < oldAt) {
    const again = oldAt - at;
    const sentence = `its position went back from ${oldAt} to ${at}: ${messages(again)} ${are(again)} sent again`;
    return { verdict: 'gap', shownBy, sentence };
  }
  const open = last - at;
  const lost = queued === null ? 0 : open - queued - (holes ?? 0);
  if (lost > 0) {
    const seen = `${messages(lost)} ${are(lost)} neither delivered nor waiting: position ${at}, last taken in ${last}, ${queued} waiting`;
    if (holes === null) return unknown(`${seen}; they may have been refused before the move`);
    return { verdict: 'gap', shownBy, sentence: seen };
  }
  const moved = at === oldAt ? `stands at position ${at}` : `went on from position ${oldAt} to ${at}`;
  return { verdict: 'continued', shownBy, sentence: `${moved}, ${messages(queued ?? open)} waiting` };
}

/** @param stood nothing could be delivered between the two looks */
function byCounts(old: number, now: number, { stood }: { readonly stood: boolean }): Judged {
  const shownBy = 'counts';
  const waited = `${messages(old)} waited before, ${now} now`;
  if (now >= old) return { verdict: 'continued', shownBy, sentence: waited };
  if (stood) return { verdict: 'fewer', shownBy, sentence: `${waited}, although nothing was sent meanwhile` };
  return unknown(`${waited}; whether the others were delivered is not told by this engine`);
}

function unknown(sentence: string): Judged {
  return { verdict: 'unknown', shownBy: 'none', sentence };
}

const badness: readonly QueueVerdict[] = ['gap', 'fewer', 'unknown', 'continued'];

function worst(queues: readonly ComparedQueue[]): QueueVerdict {
  if (queues.length === 0) return 'unknown';
  return badness.find((verdict) => queues.some((queue) => queue.verdict === verdict)) ?? 'unknown';
}

function wholeSentence(queues: readonly ComparedQueue[], before: QueueLedger): string {
  const { server, epoch, sealed } = before;
  const against = sealed
    ? `compared with the sealed ledger of ${server} (epoch ${epoch})`
    : `compared with the last ledger that ${server} shared (epoch ${epoch}), which was not sealed`;
  if (queues.length === 0) return `No queue is known, ${against}.`;
  const count = (verdict: QueueVerdict) => queues.filter((queue) => queue.verdict === verdict).length;
  const parts = badness
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${wordOf(verdict)}`);
  return `Of ${queues.length} queues ${parts.join(', ')}, ${against}.`;
}

function wordOf(verdict: QueueVerdict): string {
  switch (verdict) {
    case 'continued':
      return 'went on where they were';
    case 'gap':
      return 'with a gap';
    case 'fewer':
      return 'with fewer messages than before';
    case 'unknown':
      return 'not known';
  }
}

const messages = (count: number) => `${count} ${count === 1 ? 'message' : 'messages'}`;
const are = (count: number) => (count === 1 ? 'is' : 'are');
