import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  ReadinessKeeper,
  type ReadinessPorts,
} from '../../../../electron/host/readiness/readiness-keeper.ts';
import type { ReadinessAction } from '../../../../shared/readiness/kept-readiness.ts';
import { fixtures } from '../../../screens/fixtures.ts';
import { siteDocument } from '../../../screens/site-document-fixture.ts';

/** Goal: a report tells of now, and nothing that a person has said is lost to another one. Method: the keeper itself over a profile folder of its own, with agents that change between. */
let profileDirectory: string;
let snapshot = fixtures.healthy();
let nowMs = 0;
beforeEach(() => {
  profileDirectory = mkdtempSync(join(tmpdir(), 'ixha-readiness-'));
  snapshot = fixtures.healthy();
  nowMs = 1_000_000;
});
afterEach(() => rmSync(profileDirectory, { recursive: true, force: true }));

const beganMs = Date.parse('2026-03-14T04:31:24.000Z');
const wallTime = () => new Date(beganMs + nowMs).toISOString();

function keeper(name = 'admin-1'): ReadinessKeeper {
  const site = {
    profileDirectory,
    me: { name, role: 'admin' },
    watch: { view: () => snapshot.site!, site: siteDocument(), agents: () => [] },
    ask: () => Promise.reject(new Error('nobody answers')),
    history: () => Promise.reject(new Error('there is none')),
  };
  return new ReadinessKeeper({
    site: () => site as unknown as ReturnType<ReadinessPorts['site']>,
    time: { bootMs: () => nowMs, wallTime },
    log: { info: () => undefined, error: () => undefined },
    onNews: () => undefined,
  });
}

async function ran(one: ReadinessKeeper, check: string | null = null): Promise<void> {
  const done = () => one.view().running === null && one.view().checks.length > 0;
  if (check === null) await one.open();
  else await one.act({ act: 'run', check });
  await expect.poll(done, { timeout: 30_000 }).toBe(true);
}

async function standing(one: ReadinessKeeper) {
  const told = await one.standing();
  if (!told.ok) throw new Error(told.error.message);
  const { scene, results, judgedAt } = told.value;
  const silent = scene.sight.clusters.flatMap(({ members }) => members.filter((member) => member.silent));
  return { silent: silent.length, guards: results.find(({ check }) => check === 'H01')!.verdict, judgedAt };
}

test('a report tells what the agents say now, beside checks that have just been judged', async () => {
  const one = keeper();
  await ran(one);
  const began = wallTime();
  expect(await standing(one)).toMatchObject({ silent: 0, guards: 'ok' });
  nowMs += 30_000;
  snapshot = fixtures['dead-server']();
  await ran(one, 'H02');
  const { silent, guards, judgedAt } = await standing(one);
  expect({ guards, at: judgedAt('H01') }).toEqual({ guards: 'ok', at: began });
  expect(silent).toBeGreaterThan(0);
  expect(judgedAt('H02')).toBe(wallTime());
});

test('checks that were judged long ago are judged anew for a report', async () => {
  const one = keeper();
  await ran(one);
  nowMs += 3_600_000;
  snapshot = fixtures['dead-server']();
  const { silent, guards, judgedAt } = await standing(one);
  expect(silent).toBeGreaterThan(0);
  expect({ guards, at: judgedAt('H01') }).toEqual({ guards: 'unknown', at: wallTime() });
  expect(one.view().runs).toHaveLength(2);
});

const answer = (met: 'yes' | 'no'): ReadinessAction => ({
  ...{ act: 'answer', check: 'O01', subject: '', met, owner: 'A. Berger' },
  ...{ note: '', expires: null, attachment: '' },
});

test('two consoles keep what both say, and neither replaces an answer that it has not seen', async () => {
  const [one, other] = [keeper('admin-1'), keeper('admin-2')];
  await ran(one);
  await ran(other);
  expect(await one.act(answer('no'))).toMatchObject({ ok: true });
  const aside = {
    act: 'snooze',
    check: 'O02',
    subject: '',
    reason: 'Next week',
    until: '2026-03-30',
  } as const;
  expect(await other.act(aside)).toMatchObject({ ok: true });
  expect(await one.act(answer('yes'))).toMatchObject({ ok: true });
  const refused = await other.act(answer('no'));
  expect(refused).toMatchObject({
    error: {
      code: 'readiness.changed',
      message: expect.stringMatching(/admin-1 has answered this/) as string,
    },
  });
  const subjects = (asked: ReadinessKeeper, id: string) =>
    asked.view().checks.find(({ result }) => result.check === id)!.result.subjects;
  expect(subjects(other, 'O01')).toMatchObject([{ verdict: 'ok', answer: { by: 'admin-1', met: 'yes' } }]);
  expect(subjects(other, 'O02')).toMatchObject([{ snooze: { by: 'admin-2', verdict: 'unknown' } }]);
  expect(await other.act(answer('no'))).toMatchObject({ ok: true });
});

test('nothing counts, and nothing is put aside, until a day that has passed', async () => {
  const one = keeper();
  const aside: ReadinessAction = {
    ...{ act: 'snooze', check: 'H01', subject: 'WK1', reason: 'later' },
    until: '2026-03-13',
  };
  const answer: ReadinessAction = {
    ...{ act: 'answer', check: 'D01', subject: '', met: 'yes', owner: 'Night shift' },
    ...{ note: '', attachment: '', expires: '2026-03-13' },
  };
  for (const said of [aside, answer]) {
    const told = await one.act(said);
    expect(told).toMatchObject({
      ok: false,
      error: { code: 'request.invalid', message: expect.stringContaining('passed already') as string },
    });
  }
  expect((await one.act({ ...answer, expires: '2026-03-14' })).ok).toBe(true);
});

test('the first run is the baseline, is compared with later, and is never let go of', async () => {
  const one = keeper();
  await ran(one);
  const first = one.view().runs[0]!.wallTime;
  expect(one.view().baseline?.wallTime).toBe(first);
  nowMs += 60_000;
  snapshot = fixtures['dead-server']();
  await one.act({ act: 'run', check: null });
  await expect.poll(() => one.view().runs.length, { timeout: 30_000 }).toBe(2);
  rmSync(join(profileDirectory, 'readiness-runs'), { recursive: true });
  const other = keeper();
  nowMs += 60_000;
  await ran(other);
  expect(other.view()).toMatchObject({ runs: [{}], baseline: { wallTime: first } });
  const compared = await other.compare(first, other.view().runs[0]!.wallTime);
  expect(compared.ok && compared.value.map(({ check }) => check)).toContain('H01');
});

test('nothing is written over answers that lie there and cannot be read', async () => {
  const one = keeper();
  await ran(one);
  const path = join(profileDirectory, 'readiness.json');
  mkdirSync(path);
  expect(await one.act({ act: 'goal', seconds: 60 })).toMatchObject({ ok: false });
  expect(statSync(path).isDirectory()).toBe(true);
});
