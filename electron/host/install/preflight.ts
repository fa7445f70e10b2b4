import { productError, type ProductError } from '../../../shared/errors.ts';
import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { serverChecks } from '../../../shared/preflight/server-checks.ts';
import type { GuardProof, ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { haproxyMark } from '../../../shared/balancer/haproxy-config.ts';
import { placesOf, serverPaths } from './server-paths.ts';
import type { WantedEngine, WantedServer } from './wanted-server.ts';

/** What one server looks like beside what it shall run, check by check. Pure. */
export function checksOf(facts: ServerFacts, expected: ExpectedServer, wallTime: string): PreflightCheck[] {
  return serverChecks(facts, expected, {
    siteMark: serverPaths.siteMark,
    balancer: { path: serverPaths.haproxy, firstLine: haproxyMark },
    workstationTime: wallTime,
  });
}

/** Every reason not to touch this server, each with its code. Pure; empty means go on. */
export function preflight(facts: ServerFacts, wanted: WantedServer, wallTime: string): ProductError[] {
  const refusing = checksOf(facts, wanted, wallTime).filter((check) => check.refusal !== null);
  const lacking = refusing.flatMap((check) => check.refusal?.lacks ?? []);
  return [
    ...(lacking.length > 0
      ? [productError('install.unsupported', `${wanted.server.name} cannot run the agent safely.`, lacking)]
      : []),
    ...refusing.flatMap(refusalOf),
  ];
}

/** The refusal of a check that says it alone; none where what is lacking is told together with others. Pure. */
export function refusalOf({ refusal, subject, finding, evidence, remedy }: PreflightCheck): ProductError[] {
  return refusal === null || refusal.lacks !== undefined
    ? []
    : [productError(refusal.code, `${subject}: ${finding}.`, evidence, remedy ?? undefined)];
}

/** Whether refusal and kill were proven on the real unit within what a kill may take now. */
export function isProven(
  facts: ServerFacts,
  engine: WantedEngine,
  how: readonly GuardProof['how'][],
): boolean {
  const proof = facts.proofs.get(placesOf(engine.cluster).guardProof);
  return (
    proof !== undefined &&
    proof.unit === engine.unit &&
    proof.killMs <= engine.killMs &&
    how.includes(proof.how)
  );
}
