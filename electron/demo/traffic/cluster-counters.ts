import type { StreamVerdict } from './stream-ledger.ts';

/** One stream as it stands, for the sum over its cluster. */
export interface StreamFigures {
  readonly stream: string;
  readonly cluster: string;
  readonly kind: 'judge' | 'meter';
  readonly stopped: boolean;
  readonly verdict: StreamVerdict;
  readonly perSecond: number;
  readonly longestGapMs: number;
  readonly currentGapMs: number;
  /** Who acknowledged last, and when; undefined before the first. */
  readonly answered: { readonly by: string; readonly at: number } | undefined;
}

export interface ClusterCounters {
  readonly cluster: string;
  readonly sent: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly pending: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** Duplicates that a lost acknowledgement explains, in front of the engine or behind it. */
  readonly resentDuplicates: number;
  /** The first of the others, as `STREAM SEQUENCE`. */
  readonly unexplained: readonly string[];
  readonly perSecond: number;
  readonly longestGapMs: number;
  readonly currentGapMs: number;
  readonly answeredBy: string | null;
}

/** Sums the streams of each cluster, in the order in which clusters first appear. */
export function clusterCounters(streams: readonly StreamFigures[]): ClusterCounters[] {
  const clusters = [...new Set(streams.map((stream) => stream.cluster))];
  return clusters.map((cluster) => {
    const own = streams.filter((stream) => stream.cluster === cluster);
    const sum = (read: (figures: StreamFigures) => number) =>
      own.reduce((total, figures) => total + read(figures), 0);
    const gaps = gapStream(own);
    const answered = own.map((stream) => stream.answered).filter((answer) => answer !== undefined);
    return {
      cluster,
      sent: sum(({ verdict }) => verdict.sent),
      acknowledged: sum(({ verdict }) => verdict.acknowledged),
      delivered: sum(({ verdict }) => verdict.delivered),
      pending: sum(({ verdict }) => verdict.pending),
      lost: sum(({ verdict }) => verdict.lost),
      outOfOrder: sum(({ verdict }) => verdict.outOfOrder),
      duplicates: sum(({ verdict }) => verdict.duplicates),
      resentDuplicates: sum(({ verdict }) => verdict.resentBySender + verdict.resentByEngine),
      unexplained: own.flatMap(({ stream, verdict }) =>
        verdict.firstUnexplained.map((sequence) => `${stream} ${sequence}`),
      ),
      perSecond: Math.round(sum((figures) => figures.perSecond) * 10) / 10,
      longestGapMs: gaps?.longestGapMs ?? 0,
      currentGapMs: gaps?.currentGapMs ?? 0,
      answeredBy: answered.sort((one, other) => other.at - one.at)[0]?.by ?? null,
    };
  });
}

/** The meter looks more closely than the judge; a stream that was stopped looks at nothing. */
function gapStream(streams: readonly StreamFigures[]): StreamFigures | undefined {
  const running = streams.filter((stream) => !stream.stopped);
  const candidates = running.length > 0 ? running : streams;
  return candidates.find((stream) => stream.kind === 'meter') ?? candidates[0];
}
