import type { Fault } from './fault.ts';
import { agentFaults } from './faults/agent.ts';
import { balancerFaults } from './faults/balancer.ts';
import { certificateFaults } from './faults/certificates.ts';
import { engineFaults } from './faults/engine.ts';
import { leaseStoreFaults } from './faults/lease-store.ts';
import { networkFaults } from './faults/network.ts';
import { peopleFaults } from './faults/people.ts';
import { serverFaults } from './faults/server.ts';
import { storageFaults } from './faults/storage.ts';

/** What can go wrong, group by group; the cases are those that are tried out too (docs/testing.md). */
export const faults: readonly Fault[] = [
  ...serverFaults,
  ...engineFaults,
  ...agentFaults,
  ...networkFaults,
  ...leaseStoreFaults,
  ...storageFaults,
  ...balancerFaults,
  ...certificateFaults,
  ...peopleFaults,
];

/** The fault that a person means by its number or its name; undefined: there is none. Pure. */
export function faultOf(word: string): Fault | undefined {
  return faults.find(({ id, number }) => id === word || String(number) === word);
}
