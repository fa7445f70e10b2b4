import { describe, expect, it } from 'vitest';
import { GapWatch } from '../../../electron/host/drills/gap-watch.ts';
import { dueDrills } from '../../../shared/drills/drill-calendar.ts';
import { planDrill } from '../../../shared/drills/drill-plan.ts';
import { drillKinds, goneAfterMs, type DrillKind } from '../../../shared/drills/drill-record.ts';
import { healingWords } from '../../../shared/drills/healing-left.ts';
import { expectedWords, drillReportHtml } from '../../../shared/drills/drill-report.ts';
import {
  concludeDrill,
  interruptDrill,
  isLeft,
  withHappened,
  withOutage,
} from '../../../shared/drills/drill-verdict.ts';
import { drillCertificate, drillForms } from '../../../electron/host/drills/drill-certificate.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { text } from '../../../shared/report/report-page.ts';
import { awkwardNames, cellsOf, formulaBegin } from '../report/tables.ts';
import { begunDrill, drillsNow, endedDrill } from '../../screens/drills-fixtures.ts';
import { fixtures, type FixtureName } from '../../screens/fixtures.ts';

const admin = {
  asker: { role: 'admin', connected: true },
  goalSeconds: 60,
  running: null,
  others: [],
} as const;

function planOf(kind: DrillKind, fixture: FixtureName = 'healthy', asked: object = {}) {
  const site = siteSight(fixtures[fixture]().site!, 0);
  return planDrill(site.clusters[0]!, kind, { ...admin, ...asked });
}

/** Goal: a drill begins only where it cannot hurt. Method: plans over the fixtures of good and bad sites. */
describe('the plan of a drill', () => {
  it.each(drillKinds)('says of %s what will happen, and lets it begin on a site that is well', (kind) => {
    const plan = planOf(kind);
    expect(plan.refusals).toEqual([]);
    expect(plan.prose.length).toBeGreaterThan(0);
    expect(plan.lines.every(({ verdict, happened }) => verdict === 'open' && happened === null)).toBe(true);
  });

  it.each(drillKinds.filter((kind) => kind !== 'dry-run'))(
    'refuses %s on a cluster that cannot fail over, with reason and remedy',
    (kind) => {
      for (const fixture of ['dead-server', 'no-active', 'lost-link'] as const) {
        const { refusals } = planOf(kind, fixture);
        expect([fixture, refusals.length > 0]).toEqual([fixture, true]);
        for (const { reason, remedy } of refusals) expect(reason !== '' && remedy !== '').toBe(true);
      }
    },
  );

  it('refuses whoever may only look, and a second drill beside a running one', () => {
    const codes = (asked: object) => planOf('dry-run', 'healthy', asked).refusals.map(({ code }) => code);
    expect(codes({ asker: { role: 'viewer', connected: true } })).toEqual(['command.forbidden']);
    expect(codes({ running: 'WK2' })).toEqual(['drill.running']);
  });
});

/** Goal: a person knows when it heals, and is told where that is not known. Method: times before and after it. */
describe('what a drill has taken away', () => {
  const by = '2026-03-14T04:32:00.000Z';
  const titleAt = (now: number | null, until: string | null = by) =>
    healingWords({ who: 'ig-north', by: until }, now).title;

  it('is counted down in whole seconds, never less than is left', () => {
    expect(titleAt(Date.parse(by) - 37_400)).toBe('ig-north gets its ways back in 38 s at the latest');
    expect(titleAt(Date.parse(by) - 119_000)).toBe('ig-north gets its ways back in 119 s at the latest');
    expect(titleAt(Date.parse(by) - 1)).toBe('ig-north gets its ways back in 1 s at the latest');
  });

  it('is overdue once the time has run out, and unknown where nothing is known', () => {
    expect(titleAt(Date.parse(by) + 5_000)).toBe('ig-north should have its ways back by now');
    const unknown = 'When ig-north gets its ways back is not known';
    expect([titleAt(0, null), titleAt(null)]).toEqual([unknown, unknown]);
  });
});

/** Goal: a verdict never says more than was seen. Method: records with one thing missing or wrong. */
describe('the verdict of a drill', () => {
  const whole = endedDrill(begunDrill('switchover-and-back', 'WK1', drillsNow), 5_000);

  it('is passed only when every expectation that decides was met', () => {
    expect(whole.verdict).toBe('passed');
    for (const { id, decides } of whole.lines) {
      const doubted = { ...whole, lines: withHappened(whole.lines, id, '?', 'not-known') };
      expect([id, concludeDrill(doubted, drillsNow).verdict]).toEqual([id, decides ? 'not-known' : 'passed']);
      const broken = { ...whole, lines: withHappened(whole.lines, id, 'no', 'not-met') };
      expect([id, concludeDrill(broken, drillsNow).verdict]).toEqual([id, decides ? 'not-passed' : 'passed']);
    }
  });

  it('is not passed when a step failed, and says which and why', () => {
    const steps = whole.steps.map((step, at) =>
      at === 3 ? { ...step, state: 'failed' as const, evidence: 'It was refused.' } : step,
    );
    const ended = concludeDrill({ ...whole, steps }, drillsNow);
    expect(ended.verdict).toBe('not-passed');
    expect(ended.sentence).toContain('It was refused.');
  });

  it('compares the time with the goal, and knows when it was only looked at', () => {
    const goal = (ms: number | null, atLeast: boolean) =>
      withOutage(whole, { ms, atLeast, by: 'journals', sentence: 'x' }).lines.find(({ id }) => id === 'goal')
        ?.verdict;
    expect([goal(60_000, false), goal(60_001, false), goal(null, false)]).toEqual([
      'met',
      'not-met',
      'not-known',
    ]);
    expect([goal(59_000, true), goal(59_500, true), goal(60_500, true)]).toEqual([
      'met',
      'not-known',
      'not-met',
    ]);
  });

  it('says of an interrupted one what was done last, and what to look at', () => {
    const begun = begunDrill('switchover-and-back', 'WK1', drillsNow);
    const steps = begun.steps.map((step, at) => (at === 0 ? { ...step, state: 'running' as const } : step));
    const cut = interruptDrill({ ...begun, steps }, drillsNow, 'The console was closed.');
    expect(cut).toMatchObject({ state: 'ended', verdict: 'interrupted' });
    expect(cut.steps[0]?.state).toBe('failed');
    expect(cut.sentence).toMatch(/closed.*Nothing was done yet.*move it back/);
    expect(cut.lines.every(({ verdict }) => verdict === 'open')).toBe(true);
  });

  it('knows a drill whose console is gone', () => {
    const later = (ms: number) => new Date(Date.parse(drillsNow) + ms).toISOString();
    const begun = begunDrill('dry-run', 'WK1', drillsNow);
    expect([isLeft(begun, later(goneAfterMs)), isLeft(begun, later(goneAfterMs + 1))]).toEqual([false, true]);
    expect(isLeft(whole, later(goneAfterMs * 2))).toBe(false);
  });
});

/** Goal: time and loss are told no better than they were seen. Method: counters as senders tell them. */
describe('what the numbered messages tell', () => {
  const before = { acknowledged: 100, lost: 0, outOfOrder: 0, longestGapMs: 700, currentGapMs: 10 };

  it('is exact when the longest gap has grown, and a lower bound when it has not', () => {
    const grown = new GapWatch(before);
    grown.look({ ...before, longestGapMs: 4_200, currentGapMs: 12 });
    expect(grown.outage()).toMatchObject({ ms: 4_200, atLeast: false });
    const same = new GapWatch(before);
    same.look({ ...before, currentGapMs: 640 });
    same.look({ ...before, currentGapMs: 5 });
    expect(same.outage()).toMatchObject({ ms: 640, atLeast: true });
  });

  it('counts what is missing, and what came out of order, since the beginning', () => {
    const watch = new GapWatch({ ...before, lost: 2 });
    watch.look({ ...before, acknowledged: 150, lost: 3, outOfOrder: 1 });
    expect(watch.loss()).toMatchObject({
      lost: 2,
      sentence: expect.stringContaining('Of 50 messages') as string,
    });
  });

  it('is nothing where nobody sends any', () => {
    const watch = new GapWatch(null);
    expect([watch.outage(), watch.loss()]).toEqual([null, null]);
  });
});

describe('the plan of drills', () => {
  const passed = endedDrill(begunDrill('switchover-and-back', 'WK1', '2026-03-02T21:05:00.000Z'), 5_000);

  it('asks each cluster for both directions every quarter, what is due first', () => {
    const due = dueDrills(['WK1', 'WK2'], [], [passed], null, drillsNow);
    expect(due.map(({ cluster, state, dueOn }) => [cluster, state, dueOn])).toEqual([
      ['WK2', 'due', null],
      ['WK1', 'fine', '2026-05-31'],
    ]);
  });

  it('follows what a person said, and counts only drills that passed', () => {
    const routine = { cluster: 'WK1', kind: 'switchover-and-back', everyDays: 20 } as const;
    expect(dueDrills(['WK1'], [routine], [passed], null, drillsNow)[0]?.state).toBe('soon');
    const failed = { ...passed, verdict: 'not-passed' as const };
    expect(dueDrills(['WK1'], [routine], [failed], null, drillsNow)[0]?.state).toBe('due');
  });

  it('counts one in which only what became of every message stayed open', () => {
    const routine = { cluster: 'WK1', kind: 'switchover-and-back', everyDays: 20 } as const;
    const leftOpen = (id: string) => ({
      ...passed,
      verdict: 'not-known' as const,
      lines: withHappened(passed.lines, id, 'not known', 'not-known'),
    });
    const stateWith = (id: string) =>
      dueDrills(['WK1'], [routine], [leftOpen(id)], null, drillsNow)[0]?.state;
    expect([stateWith('loss'), stateWith('back')]).toEqual(['soon', 'due']);
  });
});

describe('the first drill of a site', () => {
  const first = (siteMadeAt: string | null, records: Parameters<typeof dueDrills>[2] = []) => {
    const [due] = dueDrills(['WK1'], [], records, siteMadeAt, drillsNow);
    return [due?.state, due?.dueOn, due?.lastAt];
  };
  const failed = {
    ...endedDrill(begunDrill('switchover-and-back', 'WK1', '2026-03-13T21:05:00.000Z'), 5_000),
    verdict: 'not-passed' as const,
  };

  it('has two weeks from the making of the site on, and is due from then on', () => {
    expect(first('2026-03-13T04:00:00.000Z')).toEqual(['soon', '2026-03-27', null]);
    expect(first('2026-03-13T04:00:00.000Z', [failed])).toEqual(['soon', '2026-03-27', null]);
    expect(first('2026-02-28T05:00:00.000Z')).toEqual(['soon', '2026-03-14', null]);
    expect(first('2026-02-28T04:00:00.000Z')).toEqual(['due', '2026-03-14', null]);
  });

  it('is due where nobody knows how old the site is, or its clock says that it is not made yet', () => {
    expect(first(null)).toEqual(['due', null, null]);
    expect(first('2026-03-15T00:00:00.000Z')).toEqual(['due', null, null]);
    expect(first('no time')).toEqual(['due', null, null]);
  });
});

describe('the certificate of a drill', () => {
  it('says verdict, expectation and what happened, with its hash, and runs nothing that people wrote', () => {
    const ended = {
      ...endedDrill(begunDrill('switchover-and-back', 'WK1', drillsNow), 5_000),
      reason: '<script>x</script>',
    };
    const about = {
      madeAt: drillsNow,
      timeZone: 'Europe/Vienna',
      operator: ended.by,
      consoleVersion: '0.1.0',
    };
    const report = drillCertificate(ended, about);
    const html = drillReportHtml(report, 'A4');
    for (const part of ['passed', 'ig-south is Active', report.sha256, 'Europe/Vienna'])
      expect(html).toContain(part);
    expect(html).not.toContain('<script>');
    const rows = cellsOf(drillForms(report).csv());
    for (const { id, what, verdict } of ended.lines)
      expect(rows.find((row) => row[0] === id)).toEqual(expect.arrayContaining([what, verdict]));
    for (const { title } of ended.steps) expect(rows.some(([step]) => step === title)).toBe(true);
    expect(rows.flat()).toContain(report.sha256);
    const probed = drillCertificate({ ...ended, probe: 'lb.example.org:6699' }, about);
    const inForms = [drillReportHtml(probed, 'A4'), cellsOf(drillForms(probed).csv()).flat().join('\n')];
    for (const form of inForms)
      for (const said of ['lb.example.org:6699', expectedWords(ended), ended.expectation.basis])
        expect(form).toContain(text(said));
    expect(drillCertificate({ ...ended, reason: 'y' }, about).sha256).not.toBe(report.sha256);
  });

  it.each(awkwardNames)('holds a name as it is, in page and table: %j', (name) => {
    const ended = endedDrill(begunDrill('switchover-and-back', 'WK1', drillsNow), 5_000);
    const by = { name, role: 'admin' as const };
    const drill = { ...ended, by, reason: name, siteName: name };
    const about = { madeAt: drillsNow, timeZone: 'UTC', operator: by, consoleVersion: '0.1.0' };
    const report = drillCertificate(drill, about);
    expect(drillReportHtml(report, 'A4').split(text(name)).length).toBeGreaterThan(3);
    const cells = cellsOf(drillForms(report).csv()).flat();
    expect(cells.filter((cell) => cell === name || cell === `'${name}`)).toHaveLength(4);
    expect(cells.filter((cell) => formulaBegin.test(cell))).toEqual([]);
  });
});
