import { engineMayRun, engineOff, tryStep, wait, type RuleOutcome, type Rule } from './rule.ts';
import { lastCopyDue } from '../../copying/takeover-loss.ts';
import type { MemberFacts, StepKind } from '../member-facts.ts';

export const changesRules: readonly Rule[] = [
  {
    id: 'R10',
    diagnosis: 'change-draining',
    meaning:
      'Planned change, first step: no new sessions. This and the next steps wait while the lease store is silent; once it counts as lost the change is rolled back.',
    matches: (f) => ownChange(f) && f.lease.held && f.serving,
    decide: (f) => changeStep(f, 'the load balancer is told to send nothing new here', 'drain'),
  },
  {
    id: 'R11',
    diagnosis: 'change-stopping-pollers',
    meaning: 'Planned change: pollers are stopped first.',
    matches: (f) =>
      ownChange(f) &&
      f.lease.held &&
      engineMayRun(f) &&
      f.engine.api.value === true &&
      (f.engine.pollers.value?.on ?? 0) > 0 &&
      (f.failures['stop-pollers']?.count ?? 0) < 2,
    decide: (f) => changeStep(f, 'its pollers stop first, so that nothing is fetched twice', 'stop-pollers'),
  },
  {
    id: 'R12',
    diagnosis: 'change-stopping-engine',
    meaning: 'Planned change: the engine is stopped gracefully and proven stopped.',
    matches: (f) => ownChange(f) && f.lease.held && engineMayRun(f),
    decide: (f) => changeStep(f, 'its engine stops gracefully and is proven stopped', 'stop-engine'),
  },
  {
    id: 'R14',
    diagnosis: 'change-sealing-ledger',
    meaning:
      'Planned change: where every queue stands is written down for the other member. It is tried once: the move does not wait for it.',
    matches: (f) =>
      ownChange(f) &&
      f.lease.held &&
      engineOff(f) &&
      f.ledgerSealedEpoch !== f.memory.epoch &&
      f.failures['seal-ledger'] === undefined,
    decide: (f) => changeStep(f, 'its engine is stopped; its queue ledger is sealed', 'seal-ledger'),
  },
  {
    id: 'R68',
    diagnosis: 'change-copying',
    meaning:
      'Planned change with a copied directory: the last copy is complete on the other server before the epoch ends, so that nothing is lost. If that cannot be had the change is rolled back.',
    matches: (f) => ownChange(f) && f.lease.held && engineOff(f) && lastCopyDue(f),
    decide: (f) => changeStep(f, `its engine is stopped; the last copy goes to ${f.peer.name}`, 'copy-last'),
  },
  {
    id: 'R13',
    diagnosis: 'change-sealing',
    meaning: 'Planned change: the epoch ends durably, then the lease is released. ',
    matches: (f) => ownChange(f) && f.lease.held && engineOff(f),
    decide: (f) =>
      changeStep(
        f,
        `epoch ${f.memory.epoch} ends here and the lease is reserved for ${f.peer.name}`,
        'end-epoch',
      ),
  },
];

/** Only the store can give the lease to another: one that is silent now may be lost. */
function storeJustHeard({ lease, timing: { H, O } }: MemberFacts): boolean {
  return lease.storeReachable && lease.answeredMs !== null && lease.answeredMs <= (H + O / 2) * 1000;
}

/** One that takes over to this member has nothing to hand over, also when its old lease could be renewed meanwhile. */
function ownChange(f: MemberFacts): boolean {
  const { operation, memory } = f;
  if (operation === null || operation.to === f.self.server) return false;
  return operation.epoch === memory.epoch && memory.ended < memory.epoch;
}

function changeStep(f: MemberFacts, reason: string, kind: StepKind): RuleOutcome {
  const headline = `${f.self.name} hands over to ${f.peer.name}`;
  if (storeJustHeard(f)) return tryStep(f, headline, reason, kind);
  return wait(headline, `${reason}; first the lease store, which alone can give the lease on, has to answer`);
}
