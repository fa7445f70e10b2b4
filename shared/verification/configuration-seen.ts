import { placeWords } from '../engine/configuration-place.ts';
import { configurationCheckName } from '../preflight/configuration-check.ts';
import type { KeptPreflight } from '../readiness/kept-preflight.ts';
import type { Cluster } from '../site/site-document.ts';
import type { ConfigurationSeen } from './move-evidence.ts';

/**
 * Whether both members have the same engine configuration after a move: by where it lies, or by the last comparison
 * over SSH that this workstation keeps. One of before the move tells nothing of now. Pure.
 *
 * @param since wall time of the move's end
 */
export function configurationSeen(
  cluster: Cluster,
  kept: KeptPreflight | null,
  since: string,
): ConfigurationSeen {
  const place = placeWords(cluster);
  // A copy may be older than the directory that it was made of.
  if (place !== null) return { equal: cluster.storage.kind === 'shared' || null, said: place };
  const name = configurationCheckName(cluster.id);
  const check = kept?.checks.find(({ id, what }) => id === name.id && what === name.what);
  if (kept == null || check === undefined || check.verdict === 'unknown') {
    return { equal: null, said: check?.finding ?? 'nobody has compared them' };
  }
  const equal = check.verdict === 'ok';
  const at = check.wallTime ?? kept.wallTime;
  if (Date.parse(at) > Date.parse(since)) {
    return { equal, said: `${check.finding} (compared over SSH ${at})` };
  }
  const then = equal ? 'they were equal then' : check.finding;
  return { equal: null, said: `the last comparison, ${at}, was before the move: ${then}` };
}
