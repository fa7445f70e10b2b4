import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';

/** A stretch without acknowledgements, in boot milliseconds. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the time without acknowledgements went, by the journal of the member that served afterwards. */
export interface DowntimeParts {
  /** From the last acknowledgement to the first step. */
  readonly detectMs: number;
  /** Steps of the member that gave up: drain, stop, seal, release. */
  readonly handOverMs: number;
  readonly grantMs: number;
  readonly storageMs: number;
  readonly startMs: number;
  /** From `/active` 200 to the first acknowledgement. */
  readonly balancerMs: number;
  /** Between steps. */
  readonly restMs: number;
}

/** The longest stretch between two acknowledgements, from a sender's log of them. Pure. */
export function longestGap(log: string, fromMs: number): Gap | null {
  let last: number | undefined;
  let longest: Gap | null = null;
  for (const line of log.split('\n')) {
    const at = Number(/"at":([\d.]+)/.exec(line)?.[1] ?? NaN);
    if (Number.isNaN(at)) continue;
    if (last !== undefined && at >= fromMs && at - last > (longest ? longest.toMs - longest.fromMs : 0)) {
      longest = { fromMs: last, toMs: at };
    }
    last = at;
  }
  return longest;
}

const partOf: Readonly<Record<string, keyof DowntimeParts>> = {
  acquire: 'grantMs',
  'prove-storage': 'storageMs',
  'write-generation': 'storageMs',
  'start-engine': 'startMs',
  'start-components': 'startMs',
  drain: 'handOverMs',
  'stop-pollers': 'handOverMs',
  'stop-engine': 'handOverMs',
  'kill-engine': 'handOverMs',
  'end-epoch': 'handOverMs',
  release: 'handOverMs',
};

/** Null where the journal shows no way back to serving within the gap: nothing can be told then. Pure. */
export function downtimeParts(gap: Gap, journal: readonly JournalRecord[]): DowntimeParts | null {
  const steps = journal
    .filter((record) => record.kind === 'step' && record.step !== null && record.result === 'ok')
    .map((record) => ({
      kind: record.step!,
      server: record.server,
      from: Math.max(gap.fromMs, record.bootMs - (record.tookMs ?? 0)),
      to: record.bootMs,
    }))
    .filter((step) => step.to > gap.fromMs && step.from < gap.toMs);
  const opened = steps.findLast((step) => step.kind === 'open-active');
  if (opened === undefined) return null;
  const counted = steps.filter((step) => partOf[step.kind] !== undefined && step.to <= opened.to);
  const sums = { handOverMs: 0, grantMs: 0, storageMs: 0, startMs: 0 };
  for (const step of counted) sums[partOf[step.kind] as keyof typeof sums] += step.to - step.from;
  const first = Math.min(opened.from, ...counted.map((step) => step.from));
  const detectMs = first - gap.fromMs;
  const balancerMs = Math.max(0, gap.toMs - opened.to);
  const told = detectMs + balancerMs + sums.handOverMs + sums.grantMs + sums.storageMs + sums.startMs;
  const restMs = Math.max(0, gap.toMs - gap.fromMs - told);
  return { detectMs, ...sums, balancerMs, restMs };
}
