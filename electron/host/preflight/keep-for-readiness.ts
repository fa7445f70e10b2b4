import { existsSync } from 'node:fs';
import { siteFileOf } from '../install/profile.ts';
import { guardProofChecks, type GuardedEngine } from './guard-proof-checks.ts';
import { keepPreflight } from './kept-preflight.ts';
import type { PreflightFindings } from './run-preflight.ts';

/**
 * Keeps what was found on the servers of a site, and how its guards were proven there: readiness is judged by it.
 * Nothing is kept where no profile is yet. Rejects when it cannot be written.
 * @param enginesOf what shall be guarded on a server of the site; none: it is no member
 * @param wallTime when it was found, ISO 8601
 */
export async function keepForReadiness(
  profileDirectory: string,
  enginesOf: (server: string) => readonly GuardedEngine[],
  { checks, looked }: Pick<PreflightFindings, 'checks' | 'looked'>,
  wallTime: string,
): Promise<void> {
  if (!existsSync(siteFileOf(profileDirectory))) return;
  const proofs = looked.flatMap(({ expected: { server }, facts }) =>
    guardProofChecks({ server, engines: enginesOf(server.id) }, facts),
  );
  await keepPreflight(profileDirectory, [...checks, ...proofs], wallTime);
}
