import type { CheckDefinition } from '../check.ts';
import { balancerChecks } from './balancer.ts';
import { designChecks } from './design.ts';
import { engineChecks, pollerChecks } from './engine.ts';
import { heartbeatChecks } from './heartbeat.ts';
import { operationsChecks, securityChecks } from './people.ts';
import { serverChecks } from './servers.ts';
import { storageChecks } from './storage.ts';

/** Every check of readiness, in the order of the report. */
export const readinessChecks: readonly CheckDefinition[] = [
  ...designChecks,
  ...serverChecks,
  ...engineChecks,
  ...pollerChecks,
  ...storageChecks,
  ...balancerChecks,
  ...heartbeatChecks,
  ...securityChecks,
  ...operationsChecks,
];
