import {
  healthyActive,
  healthyPassive,
  withFacts,
  type FactChanges,
} from '../../../shared/failover/constructed-facts.ts';
import type { MemberFacts } from '../../../shared/failover/member-facts.ts';

/** A healthy Passive whose peer is Active, with some facts changed. */
export function passiveFacts(changes: FactChanges = {}): MemberFacts {
  return withFacts(healthyPassive, changes);
}

/** A healthy Active whose peer is Passive, with some facts changed. */
export function activeFacts(changes: FactChanges = {}): MemberFacts {
  return withFacts(healthyActive, changes);
}

/** The Active's agent right after its grant: nothing is started yet. */
export function grantedFacts(changes: FactChanges = {}): MemberFacts {
  const nothingStarted = withFacts(healthyActive, {
    engine: { ...healthyPassive.engine },
    storage: { provenEpoch: null, generation: { value: 4, ageMs: 500 } },
    serving: false,
  });
  return withFacts(nothingStarted, changes);
}
