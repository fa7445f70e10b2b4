import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { readinessCsv } from '../../../electron/host/readiness/readiness-csv.ts';
import { sealReport } from '../../../electron/host/report/seal-report.ts';
import { canonicalJson } from '../../../shared/report/canonical-json.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { reportHtml } from '../../../shared/readiness/report-html.ts';
import { text } from '../../../shared/report/report-page.ts';
import { ReadinessReport, reportBody } from '../../../shared/readiness/report.ts';
import { awkwardNames, cellsOf, formulaBegin } from '../report/tables.ts';
import { keptAnswers, readinessNow, readinessScene } from '../../screens/readiness-fixtures.ts';

function report(siteName = 'Demo site', operator = 'admin-1'): ReadinessReport {
  const scene = readinessScene();
  const named = { ...scene, document: { ...scene.document, name: siteName } };
  return sealReport(
    reportBody({
      scene: named,
      results: judgeReadiness(named, keptAnswers),
      judgedAt: () => named.wallTime,
      now: readinessNow,
      timeZone: 'Europe/Vienna',
      operator: { name: operator, role: 'admin' },
      consoleVersion: '0.1.0',
    }),
  );
}

/** Of an answer, and of what stood when it was put aside: told as the verdict of the check. */
const isAVerdict = /^(?:yes|no|not-applicable|ok|warning|failed|unknown)?$/;

/** Goal: four formats say the same, whatever people are called, and the hash can be made again. Method: awkward names, read back. */
describe('a readiness report', () => {
  test('has the hash of its canonical JSON, which no order of keys changes', () => {
    const { sha256, ...body } = report();
    const again = Object.fromEntries(Object.entries(body).reverse());
    expect(createHash('sha256').update(canonicalJson(again)).digest('hex')).toBe(sha256);
    expect(sealReport({ ...body, design: 'another' }).sha256).not.toBe(sha256);
  });

  test('fits its schema', () => {
    expect(z.safeParse(ReadinessReport, JSON.parse(JSON.stringify(report()))).success).toBe(true);
  });

  test('tells site, operator, time with zone, versions and hash in each format', () => {
    const one = report();
    expect(one.timeZone).toBe('Europe/Vienna, UTC+01:00');
    for (const rendered of [reportHtml(one, 'A4'), readinessCsv(one), JSON.stringify(one)]) {
      for (const said of [
        one.sha256,
        one.madeAtLocal,
        one.timeZone,
        'Demo site',
        'admin-1',
        '0.1.0',
        'ig-witness',
      ]) {
        expect(rendered).toContain(said);
      }
    }
  });

  test('a zone that this machine does not know is told as UTC', () => {
    const scene = readinessScene();
    const inputs = {
      scene,
      results: [],
      judgedAt: () => readinessNow,
      now: readinessNow,
      operator: { name: 'a', role: 'admin' },
    };
    expect(reportBody({ ...inputs, timeZone: 'Nowhere/Land', consoleVersion: '1' }).timeZone).toMatch(
      /^UTC, UTC/,
    );
  });

  test.each(awkwardNames)('says every finding, answer and name in each format: %j', (name) => {
    const one = report(name, name);
    const html = reportHtml(one, 'Letter');
    const cells = cellsOf(readinessCsv(one)).flat();
    expect(html).toContain(`<bdi>${text(name)}</bdi>`);
    for (const { id, title, subjects } of one.checks) {
      expect(html).toContain(`<span class="id">${id}</span> ${text(title)}`);
      expect(cells).toContain(title);
      for (const { finding } of subjects) {
        expect(html).toContain(text(finding));
        expect(cells.some((cell) => cell === finding || cell === `'${finding}`)).toBe(true);
      }
    }
  });

  test('leaves out in no format what the JSON says of a check', () => {
    const one = report();
    const html = reportHtml(one, 'A4');
    const rows = cellsOf(readinessCsv(one));
    for (const { subjects, id, verdict: _verdict, seenBy, section, ...about } of one.checks) {
      const own = rows.filter((cells) => cells[0] === id);
      expect(own).toHaveLength(subjects.length);
      const words = Object.values(about)
        .flat()
        .filter((value) => value !== null && value !== '');
      for (const word of [...words, seenBy, section, ...subjects.map(({ judgedAt }) => judgedAt)]) {
        expect(html, id).toContain(text(word!).replace(/\.$/, ''));
        expect(own[0]!.join('; '), id).toContain(word!);
      }
      subjects.forEach(({ answer, snooze, remedy }, index) => {
        const said = [answer, snooze].flatMap((some) => (some === null ? [] : Object.values(some)));
        for (const word of [...said, remedy ?? ''].filter((value) => !isAVerdict.test(value!))) {
          expect(html, id).toContain(text(word!));
          expect(own[index]!.join('; '), id).toContain(word!);
        }
      });
    }
  });

  test('tells the remedy of what was put aside, also where nothing else is open that has it', () => {
    const one = report();
    const aside = one.checks.map((check) => ({
      ...check,
      subjects: check.subjects.map((subject) =>
        subject.snooze === null ? subject : { ...subject, remedy: `Mend ${check.id} as it says.` },
      ),
    }));
    const put = aside.filter(({ subjects }) => subjects.some(({ snooze }) => snooze !== null));
    expect(put.length).toBeGreaterThan(0);
    const html = reportHtml({ ...one, checks: aside }, 'A4');
    for (const { id } of put) expect(html).toContain(`Mend ${id} as it says.`);
  });

  test('has neither a script nor anything from elsewhere', () => {
    const html = reportHtml(report('<script>alert(1)</script>'), 'A4');
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|<link|<img/);
  });
});

describe('a table for spreadsheets', () => {
  test('gives every name back, and no cell begins like a formula', () => {
    const base = report();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        const cells = cellsOf(readinessCsv({ ...base, site: { ...base.site, name } }));
        const [first] = cells;
        expect([name, `'${name}`]).toContain(first?.[1]);
        expect(cells.flat().filter((cell) => formulaBegin.test(cell))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
