import { describe, expect, test } from 'vitest';
import {
  readinessSections,
  readinessStages,
  type ReadinessVerdict,
} from '../../../shared/readiness/check.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { nothingKept } from '../../../shared/readiness/kept-readiness.ts';
import type { JournalSight, SiteScene } from '../../../shared/readiness/scene.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { readinessScene } from '../../screens/readiness-fixtures.ts';
import {
  copied,
  document,
  gone,
  journals,
  look,
  members,
  nobodyHeard,
  noJournals,
  noPreflight,
  note,
  preflight,
  seen,
  silent,
  storageLook,
  trouble,
  unproven,
  withCertificates,
  withChain,
  withGeneration,
  withProof,
  withVersions,
  withoutDemoBalancer,
  type Turn,
} from './turns.ts';

/**
 * Goal: each check says ok, failed (or a warning) and unknown where that is so. Method: one site that is well, and for
 * each check one change of it that has to turn the verdict; everything that people answer is turned in judge.test.ts.
 */
interface Case {
  readonly good?: Turn;
  readonly bad: Turn;
  readonly says: ReadinessVerdict;
  /** Undefined: there is no such state. */
  readonly unknown?: Turn;
}

const same: Turn = (scene) => scene;

const overSsh = (id: string): Case => ({
  bad: (scene) => ({ ...scene, preflight: { ...preflight, checks: [look(id, 'failed')] } }),
  says: 'failed',
  unknown: noPreflight,
});

const cases: Readonly<Record<string, Case>> = {
  D02: {
    bad: document((site) => site.clusters[0]!.members.forEach((one) => (one.preferred = true))),
    says: 'failed',
  },
  D05: {
    good: (scene) => ({ ...scene, goalSeconds: 90 }),
    bad: (scene) => ({ ...scene, goalSeconds: 2 }),
    says: 'failed',
    unknown: (scene) => ({ ...scene, goalSeconds: null }),
  },
  D06: { bad: (scene) => ({ ...scene, goalSeconds: 5 }), says: 'failed', unknown: noJournals },
  S06: { bad: document((site) => (site.servers[1]!.address = site.servers[0]!.address)), says: 'warning' },
  E01: {
    bad: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, api: gone } })),
    says: 'failed',
    unknown: () => readinessScene(fixtures['no-active']()),
  },
  E02: {
    good: (scene) => withVersions(scene, '10.1.2', '10.1.2'),
    bad: (scene) => withVersions(scene, '10.1.2', '10.0.9'),
    says: 'failed',
    unknown: noPreflight,
  },
  E05: {
    bad: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, components: seen({ on: 10, total: 12, inError: 0 }) },
    })),
    good: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, components: seen({ on: 12, total: 12, inError: 0 }) },
      evidence: undefined,
    })),
    says: 'warning',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, components: gone } })),
  },
  E07: {
    good: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, lastStopMs: 2_000 } })),
    bad: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, lastStopMs: 60_000 } })),
    says: 'warning',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, lastStopMs: null } })),
  },
  E08: {
    bad: members((snapshot) => ({ ...snapshot, evidence: trouble(snapshot, 'login-refused') })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, api: gone } })),
  },
  E09: {
    good: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, components: seen({ on: 12, total: 12, inError: 0 }) },
    })),
    bad: members((snapshot) => ({ ...snapshot, evidence: trouble(snapshot, 'api-silent') })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, components: gone } })),
  },
  P01: {
    good: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, pollers: seen({ on: 1, total: 1 }) },
    })),
    bad: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, pollers: seen({ on: 0, total: 0 }) },
    })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, pollers: gone } })),
  },
  P02: {
    bad: members((snapshot) => ({
      ...snapshot,
      engine: { ...snapshot.engine, process: seen('running' as const) },
    })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, process: gone } })),
  },
  T01: {
    bad: document((site) => {
      site.clusters[0]!.storage = { kind: 'copied', directory: '/srv/a', mustBeMount: false };
    }),
    says: 'warning',
  },
  T02: { bad: members(unproven), says: 'failed', unknown: silent },
  T03: {
    good: members((snapshot) => ({ ...snapshot, evidence: storageLook(snapshot, 'fine', null) })),
    bad: members((snapshot) => ({ ...snapshot, evidence: storageLook(snapshot, 'unreadable', null) })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, evidence: undefined })),
  },
  T04: {
    bad: members((snapshot) => withProof(snapshot, { tookMs: 9_000, usedPercent: 10 })),
    says: 'failed',
    unknown: members(unproven),
  },
  T05: {
    good: members((snapshot) => withProof(snapshot, { tookMs: 11, usedPercent: 50 })),
    bad: members((snapshot) => withProof(snapshot, { tookMs: 11, usedPercent: 99 })),
    says: 'failed',
    unknown: members((snapshot) => withProof(snapshot, { tookMs: 11, usedPercent: null })),
  },
  T08: {
    good: members((snapshot) => ({
      ...withGeneration(snapshot, seen(snapshot.lease.epoch)),
      evidence: undefined,
    })),
    bad: members((snapshot) => withGeneration(snapshot, seen(snapshot.lease.epoch - 1))),
    says: 'failed',
    unknown: members((snapshot) => ({ ...withGeneration(snapshot, gone), evidence: undefined })),
  },
  T09: {
    bad: document((site) =>
      site.clusters.forEach((cluster) => (cluster.storage = { ...site.clusters[0]!.storage })),
    ),
    says: 'failed',
  },
  T10: {
    good: copied(4_000),
    bad: copied(120_000),
    says: 'failed',
    unknown: copied(null),
  },
  B01: {
    bad: members((snapshot) => ({ ...snapshot, activeAnswer: '200' })),
    says: 'failed',
    unknown: silent,
  },
  B02: {
    good: withoutDemoBalancer,
    bad: (scene) => ({
      ...withoutDemoBalancer(scene),
      balancer: {
        ...scene.balancer!,
        checks: scene.balancer!.checks.map((check) => ({ ...check, verdict: 'failed' as const })),
      },
    }),
    says: 'failed',
    unknown: (scene) => ({ ...withoutDemoBalancer(scene), balancer: null }),
  },
  H01: {
    bad: members((snapshot) => ({ ...snapshot, guards: [] })),
    says: 'failed',
    unknown: silent,
  },
  H02: {
    bad: members((snapshot) => ({ ...snapshot, peer: { ...snapshot.peer, reachable: false } })),
    says: 'failed',
    unknown: () => readinessScene(nobodyHeard()),
  },
  H03: {
    bad: members((snapshot) => ({ ...snapshot, store: { ...snapshot.store, reachable: false } })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, store: { ...snapshot.store, roundTripMs: null } })),
  },
  H04: {
    bad: document((site) => (site.leaseStore = { kind: 'witness', server: 'ig-north', port: 7660 })),
    says: 'failed',
  },
  H05: {
    good: members((snapshot) => ({ ...snapshot, replacement: { standing: 'working', blockers: [] } })),
    bad: members((snapshot) => ({ ...snapshot, replacement: { standing: 'other', blockers: [] } })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, replacement: undefined })),
  },
  H06: {
    bad: members((snapshot) => ({ ...snapshot, timing: { ...snapshot.timing, T: 3 } })),
    says: 'failed',
    unknown: members((snapshot) => ({ ...snapshot, store: { ...snapshot.store, roundTripMs: null } })),
  },
  H09: {
    bad: members((snapshot) => ({
      ...snapshot,
      automaticFailover: { state: 'off', reason: 'A person has switched it off.' },
    })),
    says: 'failed',
    unknown: () => readinessScene(nobodyHeard()),
  },
  H10: {
    bad: members((snapshot) => ({ ...snapshot, timing: { ...snapshot.timing, H: 1 } })),
    says: 'failed',
    unknown: silent,
  },
  H11: {
    bad: members((snapshot, index) => ({ ...snapshot, productVersion: `0.${index}.0` })),
    says: 'warning',
    unknown: silent,
  },
  H12: {
    bad: (scene) => withChain(scene, true),
    says: 'failed',
    unknown: (scene) => withChain(scene, null),
  },
  H13: {
    bad: members((snapshot, index) => ({
      ...snapshot,
      lease: { ...snapshot.lease, epoch: snapshot.lease.epoch + 1 + index },
    })),
    says: 'failed',
    unknown: () => readinessScene(nobodyHeard()),
  },
  H14: {
    bad: journals({ clockJumps: [note('The clocks jumped by 9000 ms.')] }),
    says: 'warning',
    unknown: noJournals,
  },
  H15: {
    bad: journals({ lostLeases: [note('Lease of epoch 4 is lost: late.')] }),
    says: 'warning',
    unknown: noJournals,
  },
  C01: {
    good: () => withCertificates(200),
    bad: () => withCertificates(-1),
    says: 'failed',
    unknown: silent,
  },
  C03: {
    bad: (scene) => ({ ...scene, pinned: ['ig-north'] }),
    says: 'failed',
    unknown: (scene) => ({ ...scene, pinned: null }),
  },
  O04: { bad: journals({ moves: [] }), says: 'warning', unknown: noJournals },
  S01: overSsh('libc'),
  S02: overSsh('same-system'),
  S03: overSsh('same-memory'),
  S04: overSsh('disk'),
  S05: overSsh('clock-difference'),
  S07: overSsh('cgroup'),
  S08: overSsh('memory'),
  S09: overSsh('engine-open-files'),
  E03: overSsh('engine-licence'),
  E04: overSsh('engine-starters'),
  E06: overSsh('engine-service'),
  E14: overSsh('engine-configuration'),
  T06: overSsh('storage-options'),
  H07: overSsh('guard-proof'),
  H08: overSsh('way'),
};

function verdictOf(id: string, scene: SiteScene): ReadinessVerdict {
  return judgeReadiness(scene, nothingKept).find(({ check }) => check === id)!.verdict;
}

describe('the checks of readiness', () => {
  test('there are more than eighty, each with everything that is said of it, and no id twice', () => {
    expect(readinessChecks.length).toBeGreaterThanOrEqual(80);
    expect(new Set(readinessChecks.map(({ id }) => id)).size).toBe(readinessChecks.length);
    for (const check of readinessChecks) {
      for (const text of [check.title, check.why, check.remedy, check.every]) {
        expect(text.length, `${check.id}: ${text}`).toBeGreaterThan(5);
      }
      expect(check.protects.length, check.id).toBeGreaterThan(0);
      expect(Object.keys(readinessSections)).toContain(check.section);
      expect(Object.keys(readinessStages)).toContain(check.stage);
    }
  });

  test('every automatic one is turned here', () => {
    const automatic = readinessChecks.filter(({ id, how }) => how.by !== 'person' && id !== 'T11');
    expect(automatic.map(({ id }) => id).filter((id) => cases[id] === undefined)).toEqual([]);
  });

  test('a member with another version of the site document is told, and one that does not tell it is unknown', () => {
    const withVersion = (siteVersion: number | undefined) =>
      verdictOf('H10', members((snapshot) => ({ ...snapshot, siteVersion }))(readinessScene()));
    expect(withVersion(7)).toBe('ok');
    expect(withVersion(6)).toBe('warning');
    expect(withVersion(undefined)).toBe('unknown');
  });

  test('what was seen of one server tells nothing of one that the look did not reach', () => {
    const checks = preflight.checks.filter(({ subject }) => subject !== 'ig-south');
    const noSignIn = { ...look('ssh', 'failed'), subject: 'ig-south' };
    const scene = readinessScene(fixtures.healthy(), {
      preflight: { ...preflight, checks: [...checks, noSignIn] },
    });
    for (const id of ['S01', 'E04', 'H07']) expect([id, verdictOf(id, scene)]).toEqual([id, 'unknown']);
  });

  test('nothing in journals that are not read whole is not nothing', () => {
    const scene = readinessScene(fixtures.healthy(), { preflight });
    const known = scene.journals as JournalSight;
    for (const change of [{ wanted: null }, { missing: 3 }]) {
      const unread = journals({ journals: known.journals.map((one) => ({ ...one, ...change })) })(scene);
      for (const id of ['H14', 'H15']) expect([id, verdictOf(id, unread)]).toEqual([id, 'unknown']);
    }
  });

  describe.each(Object.entries(cases))('%s', (id, { good = same, bad, says, unknown }) => {
    const base = readinessScene(fixtures.healthy(), { preflight });

    test('is met where all is well', () => expect(verdictOf(id, good(base))).toBe('ok'));
    test(`says ${says} where it is not`, () => expect(verdictOf(id, bad(base))).toBe(says));
    if (unknown === undefined) return;
    test('is unknown where it cannot be seen, and says what is missing', () => {
      const [result] = judgeReadiness(
        unknown(base),
        nothingKept,
        readinessChecks.filter((check) => check.id === id),
      );
      expect(result?.verdict).toBe('unknown');
      const subject = result?.subjects.find(({ verdict }) => verdict === 'unknown');
      expect(subject?.finding.length).toBeGreaterThan(10);
      expect(subject?.remedy).not.toBeNull();
    });
  });
});
