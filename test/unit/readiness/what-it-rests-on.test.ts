import { describe, expect, test } from 'vitest';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { ReadinessVerdict } from '../../../shared/readiness/check.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { nothingKept } from '../../../shared/readiness/kept-readiness.ts';
import type { SiteScene } from '../../../shared/readiness/scene.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { readinessScene } from '../../screens/readiness-fixtures.ts';
import { preflight, withVersions } from './turns.ts';

/** Goal: a finding tells what it rests on, and how old that is. Method: the site that is well, seen in other ways. */
type MemberLease = MemberSnapshot['lease'];

function verdictOf(id: string, scene: SiteScene): ReadinessVerdict {
  return judgeReadiness(scene, nothingKept).find(({ check }) => check === id)!.verdict;
}

describe('what a check rests on', () => {
  test('versions that were seen long ago are not compared with one of today', () => {
    const scene = withVersions(readinessScene(fixtures.healthy(), { preflight }), '10.1.2', '10.1.2');
    const old = { ...scene.preflight!, wallTime: '2025-01-13T04:31:24.000Z' };
    expect(verdictOf('E02', { ...scene, preflight: old })).toBe('unknown');
    // Seen some days ago it counts, with its age.
    const days = {
      ...scene.preflight!,
      wallTime: new Date(Date.parse(scene.wallTime) - 3 * 86_400_000).toISOString(),
    };
    const [told] = judgeReadiness({ ...scene, preflight: days }, nothingKept).filter(
      ({ check }) => check === 'E02',
    );
    expect(told?.subjects[0]).toMatchObject({ verdict: 'ok', ageMs: 3 * 86_400_000 });
    expect(told?.subjects[0]?.finding).toContain('ig-south 10.1.2, looked at over SSH 3 d ago');
  });

  test('a journal that is whole is told with the number of its newest record, not with a sum', () => {
    const results = judgeReadiness(readinessScene(fixtures.healthy(), { preflight }), nothingKept);
    const [told] = results.filter(({ check }) => check === 'H12').flatMap(({ subjects }) => subjects);
    expect(told).toMatchObject({
      verdict: 'ok',
      finding: expect.stringMatching(/the newest are \d+ on \S+ and \d+ on/) as unknown,
    });
  });

  test('the epoch of an etcd is what members read there, never what they know themselves', () => {
    const withEtcd = (change: (lease: MemberLease) => MemberLease) => {
      const snapshot = fixtures.healthy();
      const site = snapshot.site!;
      site.servers = site.servers.filter(({ part }) => part !== 'witness');
      site.witness = null;
      site.etcd = { endpoints: ['10.20.9.5:2379'] };
      for (const member of site.clusters.flatMap((cluster) => cluster.members))
        member.snapshot = { ...member.snapshot!, lease: change(member.snapshot!.lease) };
      return verdictOf('H13', readinessScene(snapshot));
    };
    expect(withEtcd((lease) => lease)).toBe('unknown');
    expect(withEtcd((lease) => ({ ...lease, storeEpoch: lease.epoch }))).toBe('ok');
    expect(withEtcd((lease) => ({ ...lease, storeEpoch: lease.epoch - 1 }))).toBe('failed');
  });
});
