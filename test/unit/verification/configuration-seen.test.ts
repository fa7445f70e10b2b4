import { expect, it } from 'vitest';
import { configurationCheckName } from '../../../shared/preflight/configuration-check.ts';
import type { KeptPreflight } from '../../../shared/readiness/kept-preflight.ts';
import type { Cluster } from '../../../shared/site/site-document.ts';
import { configurationSeen } from '../../../shared/verification/configuration-seen.ts';
import { sampleSite } from '../host/install/install-samples.ts';

/** Goal: files are called equal only where that was seen. Method: one cluster, with what was kept of a comparison. */
const inStorage = sampleSite().clusters[0]!;
const outside: Cluster = {
  ...inStorage,
  members: inStorage.members.map((member) => ({
    ...member,
    engine: { ...member.engine, workingDirectory: '/opt/iguana' },
  })),
};
const moved = '2026-03-14T04:31:56.000Z';
const before = '2026-03-14T04:30:00.000Z';
const later = '2026-03-14T04:40:00.000Z';

type Verdict = KeptPreflight['checks'][number]['verdict'];
const kept = (
  wallTime: string,
  verdict: Verdict,
  finding: string,
  cluster = inStorage.id,
): KeptPreflight => ({
  wallTime,
  checks: [
    { ...configurationCheckName(cluster), server: null, subject: 'both', verdict, finding, remedy: null },
  ],
});

it.each<[string, Cluster, KeptPreflight | null, boolean | null, string]>([
  ['one directory for both', inStorage, null, true, 'the one directory that both members see'],
  ['nothing was compared', outside, null, null, 'nobody has compared them'],
  ['another cluster was', outside, kept(later, 'ok', 'x', 'OTHER'), null, 'nobody has compared them'],
  ['equal since', outside, kept(later, 'ok', '3 files are the same'), true, `over SSH ${later}`],
  ['different since', outside, kept(later, 'warning', '1 file differs'), false, '1 file differs (compared'],
  ['equal before the move', outside, kept(before, 'ok', '3 files'), null, 'they were equal then'],
  ['different before it', outside, kept(before, 'warning', '1 file differs'), null, 'move: 1 file differs'],
  [
    'could not be read',
    outside,
    kept(later, 'unknown', 'south did not tell it'),
    null,
    'south did not tell it',
  ],
])('is judged by what was seen: %s', (_, cluster, preflight, equal, said) => {
  expect(configurationSeen(cluster, preflight, moved)).toEqual({
    equal,
    said: expect.stringContaining(said) as string,
  });
});

it('goes by the time of the comparison itself, not of the look at the servers before it', () => {
  const { wallTime, checks } = kept(before, 'ok', '3 files are the same');
  const alone = { wallTime, checks: checks.map((check) => ({ ...check, wallTime: later })) };
  expect(configurationSeen(outside, alone, moved)).toMatchObject({ equal: true });
});

it('is not proven by a copy, which may be older than what it was made of', () => {
  const { directory, mustBeMount } = inStorage.storage;
  const copied: Cluster = { ...inStorage, storage: { kind: 'copied', directory, mustBeMount } };
  expect(configurationSeen(copied, null, moved)).toMatchObject({ equal: null });
});
