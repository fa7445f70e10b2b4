import {
  failedCheck,
  ofServer,
  passed,
  unknownCheck,
  type PreflightCheck,
} from '../../../shared/preflight/preflight-check.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { placesOf } from '../install/server-paths.ts';
import type { WantedEngine } from '../install/wanted-server.ts';

export type GuardedEngine = Pick<WantedEngine, 'cluster' | 'killMs'>;

/** Refusal and kill as they were proven on each engine of a server that is guarded already. Pure. */
export function guardProofChecks(
  {
    server,
    engines,
  }: {
    readonly server: { readonly id: string; readonly name: string };
    readonly engines: readonly GuardedEngine[];
  },
  facts: Pick<ServerFacts, 'found' | 'proofs'>,
): PreflightCheck[] {
  const checks = engines
    .filter(({ cluster }) => facts.found.gates.some((gate) => gate.cluster === cluster))
    .map(({ cluster, killMs }) => {
      const name = { id: 'guard-proof', subject: server.name, what: `proof of the guards of ${cluster}` };
      const remedy = 'Install the site again: it proves refusal and kill.';
      const proof = facts.proofs.get(placesOf(cluster).guardProof);
      if (proof === undefined) return unknownCheck(name, `nothing was proven for ${cluster}`, remedy);
      const how = proof.how === 'engine' ? 'on the engine' : 'on a stand-in process';
      const finding = `${cluster} killed in ${proof.killMs} of ${killMs} ms ${how}, ${proof.wallTime.slice(0, 10)}`;
      return proof.killMs > killMs ? failedCheck(name, finding, remedy) : passed(name, finding);
    });
  return ofServer(server.id, checks);
}
