import type { ReadinessStage } from '../../../shared/readiness/check.ts';
import type { Route } from '../../app/route.ts';

/** Where a stage is worked on; before there is a site its servers are looked at by the setup. Pure. */
export function stagePlace(stage: ReadinessStage, hasSite: boolean): Route {
  switch (stage) {
    case 'design':
      return { page: 'advisor' };
    case 'infrastructure':
      return hasSite ? { page: 'readiness' } : { page: 'setup', step: null };
    case 'behaviour':
      return { page: 'behaviour' };
    case 'operations':
      return { page: 'readiness' };
  }
}
