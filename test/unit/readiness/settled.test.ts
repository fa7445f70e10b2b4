import { describe, expect, test } from 'vitest';
import type { NotificationsTold, ToldTarget } from '../../../shared/notifications/told.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { nothingKept } from '../../../shared/readiness/kept-readiness.ts';
import type { KeptPreflight } from '../../../shared/readiness/kept-preflight.ts';
import type { SiteScene } from '../../../shared/readiness/scene.ts';
import { notificationPolicy } from '../../screens/notifications-fixture.ts';
import { document, members, silent, type Turn } from './turns.ts';

/**
 * Goal: what the agents or a kept look at the servers tell settles a question, and nobody is asked; what they do not tell
 * is asked as before. Method: one site that is well, and changes of it.
 */
function judged(id: string, scene: SiteScene) {
  const [result] = judgeReadiness(
    scene,
    nothingKept,
    readinessChecks.filter((check) => check.id === id),
  );
  const { verdict, finding, remedy, ageMs } = result!.subjects[0]!;
  return { verdict, finding, remedy, ageMs };
}

const dayMs = 86_400_000;
const asked = { verdict: 'unknown', finding: 'Nobody has answered this yet' };

describe('O03, that alarms arrive', () => {
  const well: ToldTarget = {
    id: 'desk',
    kind: 'webhook',
    place: 'https://alarms.hospital.example',
    waiting: 0,
    dropped: 0,
    lastSentAt: '2026-03-14T02:00:04.000Z',
    sentAgoMs: 9_080_000,
    failure: null,
  };
  const failure: ToldTarget['failure'] = {
    code: 'auth-refused',
    sentence: 'alarms.hospital.example: it said 401.',
    next: 'Check the token.',
    at: '2026-03-14T03:00:00.000Z',
    attempts: 4,
    agoMs: 94_000,
  };
  const withTargets: Turn = document(
    (site) => (site.notifications = { targets: [notificationPolicy.targets[0]!] }),
  );
  /** Every agent tells the same, but for the first one. */
  const telling = (told: Partial<ToldTarget>, notKept: NotificationsTold['notKept'] = null): SiteScene =>
    withTargets(
      members((snapshot, index) => ({
        ...snapshot,
        notifications: { targets: [{ ...well, ...(index === 0 ? told : {}) }], notKept },
      }))(undefined as never),
    );

  test('is met where every agent has reached every target', () => {
    const { verdict, finding, ageMs } = judged('O03', telling({}));
    expect([verdict, ageMs]).toEqual(['ok', 9_080_300]);
    expect(finding).toContain('to desk: the last message arrived');
  });

  test('is met by a test that arrived, also where nothing else was ever sent', () => {
    const lastTest = { at: '2026-03-14T04:00:00.000Z', failure: null, agoMs: 5_000 };
    const never = { lastSentAt: null, sentAgoMs: null };
    expect(judged('O03', telling({ ...never, lastTest })).verdict).toBe('ok');
    expect(judged('O03', telling({ failure, lastTest })).verdict).toBe('ok');
    expect(judged('O03', telling({ failure, waiting: 1, lastTest })).verdict).toBe('failed');
    const nothing = judged('O03', telling(never));
    expect(nothing.verdict).toBe('unknown');
    expect(nothing.remedy).toContain('page Notifications');
  });

  test('fails where a target does not take it, or the last test did not arrive, and says what to do', () => {
    const refused = judged('O03', telling({ failure }));
    expect(refused).toMatchObject({ verdict: 'failed', ageMs: 94_300 });
    expect(refused.finding).toContain('it said 401');
    expect(refused.remedy).toContain('Check the token. Then: Open the page Notifications and press Test');
    const lastTest = { at: '2026-03-14T04:00:00.000Z', failure, agoMs: 5_000 };
    expect(judged('O03', telling({ lastTest }))).toMatchObject({ verdict: 'failed', ageMs: 5_300 });
  });

  test('is to be looked at after a quarter of a year without any', () => {
    const old = judged('O03', telling({ lastSentAt: '2025-11-01T02:00:00.000Z', sentAgoMs: null }));
    expect(old.verdict).toBe('warning');
    expect(old.ageMs).toBeGreaterThan(90 * dayMs);
  });

  test('fails where an agent does not know a target or cannot keep what waits', () => {
    expect(judged('O03', withTargets(members((snapshot) => snapshot)(undefined as never))).verdict).toBe(
      'failed',
    );
    expect(judged('O03', telling({}, 'ENOSPC')).finding).toContain('ENOSPC');
  });

  test('is unknown while an agent is not heard, and asked where the site names no targets', () => {
    const unheard = judged('O03', withTargets(silent(undefined as never)));
    expect(['unknown', 'failed']).toContain(unheard.verdict);
    expect(judged('O03', members((snapshot) => snapshot)(undefined as never))).toMatchObject(asked);
  });
});

describe('D04, that each server carries all clusters', () => {
  const base = members((snapshot) => snapshot)(undefined as never);
  const room = (
    changed: Partial<KeptPreflight['checks'][number]> = {},
    wallTime = base.preflight!.wallTime,
  ): SiteScene => ({
    ...base,
    preflight: {
      wallTime,
      checks: ['ig-north', 'ig-south'].flatMap((subject) =>
        ['capacity-memory', 'capacity-cpu', 'capacity-files'].map((id) => ({
          ...{ id, server: null, subject, what: id, verdict: 'ok' as const, remedy: null },
          finding: `${id} is enough`,
          ...(id === 'capacity-memory' && subject === 'ig-south' ? changed : {}),
        })),
      ),
    },
  });

  test('is settled by what the kept look has seen, with its age', () => {
    const { verdict, finding, ageMs } = judged('D04', room());
    expect(verdict).toBe('ok');
    expect(finding).toContain('ig-south: capacity-memory is enough');
    expect(ageMs).toBeGreaterThan(0);
    const crowded = { verdict: 'warning' as const, finding: '9000 MB needed', remedy: 'Add memory.' };
    expect(judged('D04', room(crowded))).toMatchObject({
      verdict: 'warning',
      finding: 'ig-south: 9000 MB needed',
      remedy: 'Add memory.',
    });
  });

  test('is asked of a person where the look is too old, does not know it, or is not there', () => {
    const longAgo = new Date(Date.parse(base.wallTime) - 31 * dayMs).toISOString();
    expect(judged('D04', room({}, longAgo))).toMatchObject(asked);
    expect(judged('D04', room({ verdict: 'unknown' }))).toMatchObject(asked);
    expect(judged('D04', room({ id: 'disk' }))).toMatchObject(asked);
    expect(judged('D04', { ...base, preflight: null })).toMatchObject(asked);
  });

  test('does not apply to a site of one cluster', () => {
    const one = document((site) => site.clusters.splice(1))(base);
    expect(judged('D04', one).verdict).toBe('not-applicable');
  });
});
