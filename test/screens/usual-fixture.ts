import { plans } from '../../shared/failover/plan.ts';
import { nothingUsual, type ClusterUsual, type UsualTime } from '../../shared/history/usual-time.ts';
import { stepFacts } from './operation-fixture.ts';

const measured = (medianMs: number): UsualTime => ({
  count: 4,
  medianMs,
  shortestMs: Math.round(medianMs * 0.9),
  longestMs: Math.round(medianMs * 1.2),
  since: '2025-09-20T19:02:11.000Z',
});

/** Four switchovers of WK1 since September, each step about as long as in the operation that the screens show. */
export function usualFixture(): ClusterUsual {
  const steps = plans.switchover.map((step) => ({
    step: step.kind,
    server: step.by === 'source' ? 'ig-north' : 'ig-south',
    ...measured(stepFacts[step.kind]?.[0] ?? 0),
  }));
  return { ...nothingUsual, planned: { steps, withoutActive: [{ to: 'ig-south', ...measured(10_900) }] } };
}
