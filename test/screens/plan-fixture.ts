import { siteBehaviour } from '../../shared/behaviour/behaviour-site.ts';
import type { PlanAcceptance, PlanView } from '../../shared/behaviour/plan-view.ts';
import { siteDocument } from './site-document-fixture.ts';

const behaviour = siteBehaviour(siteDocument());

/** What the host says of the failover behaviour of the site that the fixtures show. */
export function planFixture(changes: Partial<PlanView> = {}): PlanView {
  return {
    of: 'site',
    name: 'Clinic North',
    behaviour,
    missing: [],
    measured: null,
    acceptance: null,
    ...changes,
  };
}

/** The same behaviour, accepted by the owner of the site. */
export const acceptedPlan: PlanAcceptance = {
  schema: 1,
  owner: 'Dr. Berg',
  note: 'read with both wards',
  by: 'admin-1',
  at: '2026-09-04T08:12:00.000Z',
  basis: behaviour,
};
