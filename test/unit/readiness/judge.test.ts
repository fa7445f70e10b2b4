import { describe, expect, test } from 'vitest';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { nothingKept, withSaid, type KeptReadiness } from '../../../shared/readiness/kept-readiness.ts';
import { compareRuns, isReadyByChecks, tally, type CheckResult } from '../../../shared/readiness/results.ts';
import { fixtures } from '../../screens/fixtures.ts';
import type { SiteScene } from '../../../shared/readiness/scene.ts';
import { readinessNow, readinessScene } from '../../screens/readiness-fixtures.ts';
import { members } from './turns.ts';

const said = (met: 'yes' | 'no' | 'not-applicable', expires: string | null): KeptReadiness =>
  withSaid(
    nothingKept,
    {
      act: 'answer',
      check: 'O01',
      subject: '',
      met,
      owner: 'A. Berger',
      note: 'In the safe',
      expires,
      attachment: '',
    },
    { name: 'admin-1', now: readinessNow, validDays: 90 },
  );
const verdictOf = (kept: KeptReadiness, id = 'O01') =>
  resultOf(judgeReadiness(readinessScene(), kept), id).verdict;
const resultOf = (results: readonly CheckResult[], id: string) => results.find(({ check }) => check === id)!;

/** Goal: what people say turns a check as long as it counts, and nothing else does. Method: answers with each outcome and end. */
describe('what people answer', () => {
  test('is unknown until somebody has answered, for every check that people see', () => {
    const byPeople = readinessChecks.filter(({ how }) => how.by === 'person');
    const results = judgeReadiness(readinessScene(), nothingKept, byPeople);
    for (const { check, verdict } of results) expect([check, verdict]).toEqual([check, 'unknown']);
  });

  test.each([
    ['ok', 1, 'ok'],
    ['ok', 45, 'warning'],
    ['warning', 1, 'warning'],
  ] as const)(
    'asks nobody about a HAProxy of ours whose file was seen: %s, %i days ago',
    (seen, days, expected) => {
      const scene = readinessScene();
      const wallTime = new Date(Date.parse(scene.wallTime) - days * 86_400_000).toISOString();
      const about = { id: 'balancer-file', server: 'lb', subject: 'lb', what: 'configuration of HAProxy' };
      const check = { ...about, verdict: seen, finding: 'it was looked at', remedy: null };
      const own = readinessChecks.filter(({ id }) => ['B03', 'B04', 'B08'].includes(id));
      const results = judgeReadiness(
        { ...scene, preflight: { wallTime, checks: [check] } },
        nothingKept,
        own,
      );
      expect(results.map(({ verdict }) => verdict)).toEqual([expected, expected, expected]);
      expect(results[0]?.subjects[0]?.finding).toContain('lb: it was looked at');
    },
  );

  test('counts as long as the check says, and not a day longer', () => {
    expect(said('yes', null).answers[0]?.answer.expires).toBe('2026-06-12');
    expect(verdictOf(said('yes', null))).toBe('ok');
    expect(verdictOf(said('yes', '2026-03-14'))).toBe('warning');
    expect(verdictOf(said('yes', '2026-03-13'))).toBe('unknown');
  });

  test('says no, and that it does not apply', () => {
    expect(verdictOf(said('no', null))).toBe('failed');
    expect(verdictOf(said('not-applicable', null))).toBe('not-applicable');
  });

  test('can be taken back', () => {
    const teller = { name: 'admin-1', now: readinessNow, validDays: 90 };
    expect(withSaid(said('yes', null), { act: 'withdraw', check: 'O01', subject: '' }, teller)).toEqual(
      nothingKept,
    );
  });
});

describe('what the product keeps of people’s decisions', () => {
  const record = { says: 'accepted by Dr. Berg', at: readinessNow, change: null };
  const verdictWith = (accepted: typeof record | { says: string; at: string; change: string }) =>
    resultOf(judgeReadiness({ ...readinessScene(), accepted }, nothingKept), 'D07').verdict;

  test('answers the question, until the site has changed or a year is over', () => {
    expect(verdictWith(record)).toBe('ok');
    expect(verdictWith({ ...record, at: '2025-01-01T00:00:00.000Z' })).toBe('warning');
    expect(verdictWith({ ...record, change: 'WK3 is new.' })).toBe('failed');
  });
});

describe('what is put aside', () => {
  const until = (day: string) =>
    withSaid(
      said('no', null),
      { act: 'snooze', check: 'O01', subject: '', reason: 'New numbers in April', until: day },
      { name: 'admin-1', now: readinessNow, validDays: 90 },
    );

  test('stays not met and is not open until its end, and is open again after it', () => {
    const only = (kept: KeptReadiness) =>
      tally(judgeReadiness(readinessScene(), kept).filter(({ check }) => check === 'O01'));
    expect(only(until('2026-03-14'))).toMatchObject({ of: 1, met: 0, open: 0, snoozed: 1, failed: 0 });
    expect(only(until('2026-03-13'))).toMatchObject({ of: 1, met: 0, open: 1, snoozed: 0, failed: 1 });
  });

  test('is open again as soon as it stands worse than when it was put aside', () => {
    const aside = withSaid(
      nothingKept,
      { act: 'snooze', check: 'H11', subject: '', reason: 'Upgrade goes on tomorrow', until: '2026-03-20' },
      { name: 'admin-1', now: readinessNow, validDays: 0, verdict: 'warning' },
    );
    const open = (scene: SiteScene) =>
      tally(judgeReadiness(scene, aside).filter(({ check }) => check === 'H11')).open;
    const mixed = members((snapshot, index) => ({ ...snapshot, productVersion: `0.${index}.0` }));
    expect(open(mixed(readinessScene()))).toBe(0);
    expect(open(readinessScene(fixtures['dead-server']()))).toBe(1);
  });

  test('unknown counts as not ready', () => {
    expect(isReadyByChecks(tally(judgeReadiness(readinessScene(), nothingKept)))).toBe(false);
  });
});

describe('a server that has vanished', () => {
  test('turns what it would tell into unknown, with why', () => {
    const results = judgeReadiness(readinessScene(fixtures['dead-server']()), nothingKept);
    const guards = resultOf(results, 'H01');
    expect(guards.verdict).toBe('unknown');
    expect(guards.subjects.map(({ finding }) => finding).join()).toMatch(
      /The agent on ig-\w+ was last heard .* ago/,
    );
  });
});

describe('two runs', () => {
  const run = (results: CheckResult[]) => ({ wallTime: readinessNow, by: 'admin-1', tookMs: 1, results });

  test('differ in what changed, what got worse first', () => {
    const before = run(judgeReadiness(readinessScene(), said('no', null)));
    const after = run(judgeReadiness(readinessScene(fixtures['dead-server']()), said('yes', null)));
    const changes = compareRuns(before, after);
    expect(changes[0]?.after?.verdict).not.toBe('ok');
    expect(changes.at(-1)).toMatchObject({
      check: 'O01',
      before: { verdict: 'failed' },
      after: { verdict: 'ok' },
    });
  });

  test('of the same site do not differ', () => {
    const results = judgeReadiness(readinessScene(), nothingKept);
    expect(compareRuns(run(results), run(results))).toEqual([]);
  });
});
