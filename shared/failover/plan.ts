import type { StepKind } from './member-facts.ts';

/** One line of a plan as people read it. `by`: the member that hands over, or the one that takes over. */
export interface PlannedStep {
  readonly kind: StepKind;
  readonly title: string;
  readonly by: 'source' | 'target';
  /** No member is Active while this step runs. */
  readonly withoutActive: boolean;
}

const handOver: readonly PlannedStep[] = [
  { kind: 'drain', title: 'Load balancer sends nothing new', by: 'source', withoutActive: false },
  { kind: 'stop-pollers', title: 'Pollers stopped', by: 'source', withoutActive: false },
  { kind: 'stop-engine', title: 'Engine stopped and proven', by: 'source', withoutActive: true },
  { kind: 'seal-ledger', title: 'Queue ledger sealed', by: 'source', withoutActive: true },
  { kind: 'end-epoch', title: 'Epoch ended durably', by: 'source', withoutActive: true },
  { kind: 'release', title: 'Lease released and reserved', by: 'source', withoutActive: true },
];

const takeOver: readonly PlannedStep[] = [
  { kind: 'acquire', title: 'Lease acquired', by: 'target', withoutActive: true },
  { kind: 'prove-storage', title: 'Storage proven', by: 'target', withoutActive: true },
  { kind: 'write-generation', title: 'Generation raised', by: 'target', withoutActive: true },
  { kind: 'start-engine', title: 'Engine started', by: 'target', withoutActive: true },
  { kind: 'start-components', title: 'Components on', by: 'target', withoutActive: true },
  { kind: 'open-active', title: 'Load balancer sends here', by: 'target', withoutActive: true },
  { kind: 'start-pollers', title: 'Pollers on', by: 'target', withoutActive: false },
];

const [, ...afterTheLease] = takeOver;

/** The steps of each kind of change, in order. */
export const plans = {
  switchover: [...handOver, ...takeOver],
  handover: [...handOver, ...takeOver],
  failback: [...handOver, ...takeOver],
  failover: takeOver,
  'force-takeover': [
    { kind: 'force', title: 'Taken over by force', by: 'target', withoutActive: true },
    ...afterTheLease,
  ],
} as const satisfies Record<string, readonly PlannedStep[]>;

export type ChangeKind = keyof typeof plans;
export type StorageKind = 'shared' | 'copied';

/** Only where the directory is copied: with it nothing is lost in a planned move. */
const lastCopy: PlannedStep = {
  kind: 'copy-last',
  title: 'Last copy complete and checked',
  by: 'source',
  withoutActive: true,
};

/** The steps of a change of a cluster with storage of this kind, in order. */
export function planOf(kind: ChangeKind, storage: StorageKind): readonly PlannedStep[] {
  const steps: readonly PlannedStep[] = plans[kind];
  if (storage === 'shared') return steps;
  return steps.flatMap((step) => (step.kind === 'seal-ledger' ? [step, lastCopy] : [step]));
}
