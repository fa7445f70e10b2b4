import type { TimingPolicy } from '../lease/timing.ts';
import type { StepTerms } from './step-terms.ts';

/** The steps by which a maintenance begins, in order; each is durable before the next one is begun. */
export const maintenanceSteps = ['keep-by-peer', 'keep-here', 'write-to-store'] as const;
export type MaintenanceStep = (typeof maintenanceSteps)[number];

interface MaintenanceTerms extends StepTerms {
  readonly title: string;
}

const operationMs = ({ O }: TimingPolicy) => O * 1000;
const withdrawn = 'withdrawn on both members: what was kept before counts again';

export const maintenancePlan: Readonly<Record<MaintenanceStep, MaintenanceTerms>> = {
  'keep-by-peer': {
    title: 'Kept by the other member',
    limitMs: operationMs,
    evidence:
      'it is synced to the disk of the other member; where that one holds the lease and this one is asked, it is not needed',
    undo: withdrawn,
  },
  'keep-here': {
    title: 'Kept by the member that was asked',
    limitMs: () => 0,
    evidence: 'it is synced to the disk of this member',
    undo: withdrawn,
  },
  'write-to-store': {
    title: 'Written to the lease store',
    limitMs: operationMs,
    evidence: 'the store has synced it, and from then on grants nothing',
    undo: 'refused: withdrawn on both members; without an answer the store’s record tells',
  },
};
