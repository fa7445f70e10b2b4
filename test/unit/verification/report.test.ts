import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import {
  verificationForms,
  verificationReport,
} from '../../../electron/host/verification/verification-forms.ts';
import { canonicalJson } from '../../../shared/report/canonical-json.ts';
import { text } from '../../../shared/report/report-page.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { VerificationReport } from '../../../shared/verification/verification-report.ts';
import { keptFixture, overtakenLooks, saidOf } from '../../screens/verification-fixture.ts';
import { awkwardNames, cellsOf, formulaBegin } from '../report/tables.ts';

const about = {
  site: { id: 'demo', name: 'Demo site', demo: true },
  madeAt: '2026-03-14T05:00:00.000Z',
  timeZone: 'Europe/Vienna',
  operator: { name: 'admin-1', role: 'admin' },
  consoleVersion: '0.1.0',
};

function formsOf(kept: KeptVerification, name = 'Demo site') {
  return verificationForms(verificationReport(kept, { ...about, site: { ...about.site, name } }));
}

/** A cell as it was before a sign that is no formula was put before it. */
const told = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, '');

/** Goal: the files of a verified move say the same, whatever people wrote. Method: what was kept, found again in each. */
describe('the report of a verified move', () => {
  test('has the hash of its canonical JSON, and another one when anything else is said', () => {
    const kept = keptFixture('silent');
    const { sha256, ...body } = verificationReport(kept, about);
    expect(createHash('sha256').update(canonicalJson(body)).digest('hex')).toBe(sha256);
    expect(verificationReport({ ...kept, look: 2 }, about).sha256).not.toBe(sha256);
    expect(z.safeParse(VerificationReport, JSON.parse(JSON.stringify({ ...body, sha256 }))).success).toBe(
      true,
    );
  });

  test.each(['good', 'silent', 'gap'] as const)('tells every line of a %s move in each format', (name) => {
    const kept = keptFixture(name);
    const { html, csv, report } = formsOf(kept);
    const page = html('A4');
    const rows = cellsOf(csv());
    for (const { id, title, verdict, signs } of kept.verification.lines) {
      expect(page).toContain(
        `${verdict.toUpperCase()}</td><th scope="row"><span class="id">${id}</span> ${text(title)}`,
      );
      expect(rows.find((row) => row[0] === id && row[1] === title)?.[3]).toBe(verdict);
      for (const { from, says, kind } of signs) {
        expect(page).toContain(`<bdi>${text(from)}</bdi>: <bdi>${text(says)}</bdi>`);
        expect(rows.some((row) => row[0] === id && row[1] === kind && told(row[4] ?? '') === says)).toBe(
          true,
        );
      }
    }
    for (const { name: component, verdict, sentence } of kept.verification.ledger.lines) {
      expect(page).toContain(`<bdi>${text(component)}</bdi><span class="finding"><bdi>${text(sentence)}`);
      expect(rows.find((row) => row[0] === component)?.slice(6, 8)).toEqual([verdict, sentence]);
    }
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ kept: { verification: kept.verification } });
  });

  test('names the last message of each component before and after, or says that it is not known', () => {
    const kept = keptFixture('good');
    const { html, csv, report } = formsOf(kept);
    const [known, unknown] = [kept.verification.ledger.lines[0]!, kept.verification.ledger.lines.at(-1)!];
    const last = { id: 'M884202', at: '2026-03-14 04:31:50' };
    expect(report).toMatchObject({
      kept: {
        verification: {
          ledger: {
            lines: expect.arrayContaining([
              expect.objectContaining({ name: 'Admissions in', messageBefore: last, messageAfter: last }),
            ]) as unknown,
          },
        },
      },
    });
    expect(html('A4')).toContain(
      'Last message before: <bdi>M884202, 2026-03-14 04:31:50</bdi>; after: <bdi>M884202, 2026-03-14 04:31:50</bdi>',
    );
    expect(
      cellsOf(csv())
        .find(([name]) => name === 'Admissions in')
        ?.slice(8),
    ).toEqual([...[last.id, last.at, last.id, last.at]]);
    const without = { ...unknown, messageBefore: null, messageAfter: undefined };
    const ledger = { ...kept.verification.ledger, lines: [known, without] };
    const older = formsOf({ ...kept, verification: { ...kept.verification, ledger } });
    expect(older.html('A4')).toContain('Last message before: not known; after: not known');
    expect(
      cellsOf(older.csv())
        .find(([name]) => name === unknown.name)
        ?.slice(8),
    ).toEqual(Array(4).fill('not known'));
  });

  test('begins with what does not hold, and says what to do', () => {
    const page = formsOf(keptFixture('gap')).html('A4');
    expect(page.indexOf('Open lines')).toBeLessThan(page.indexOf('Lines that hold'));
    expect(page).toContain('<b>What to do:</b>');
    expect(formsOf(keptFixture('good')).html('A4')).not.toContain('Open lines');
  });

  test.each(awkwardNames)('tells who said what in each format: %j', (name) => {
    const kept = keptFixture('silent', saidOf(name));
    const forms = formsOf(kept, name);
    const page = forms.html('Letter');
    const cells = cellsOf(forms.csv()).flat();
    expect(page).toContain(`<header><p class="running"><b><bdi>${text(name)}</bdi>`);
    expect(page).toContain(`<b>Judged in order</b> by <bdi>${text(name)}</bdi>`);
    expect(page).toContain(`<th scope="row"><bdi>${text(name)}</bdi>`);
    expect(cells.filter((cell) => told(cell) === name).length).toBeGreaterThanOrEqual(3);
    expect(cells.filter((cell) => formulaBegin.test(cell))).toEqual([]);
  });

  test('says of each signature whether it binds what is told', () => {
    const { signatures, ...said } = saidOf('owner-1');
    const earlier = { ...signatures[0]!, name: 'owner-2', hash: 'another' };
    const forms = formsOf(keptFixture('silent', { ...said, signatures: [...signatures, earlier] }));
    expect(forms.html('A4')).toMatch(
      /owner-1[^]*what this report says[^]*owner-2[^]*another look or other judgements/,
    );
    const rows = cellsOf(forms.csv());
    expect(rows.find(([cell]) => cell === 'owner-1')?.at(-1)).toBe('is what was signed');
    expect(rows.find(([cell]) => cell === 'owner-2')?.at(-1)).toBe('is another look or has other judgements');
  });

  test('tells in each format what an earlier look saw, with when, and that it is not the newest', () => {
    const [newest, signed] = overtakenLooks();
    const page = formsOf(newest).html('A4');
    expect(page).toMatch(/<b>As look 1 saw it<\/b>, [^<]+\. This look: UNKNOWN, <bdi>[^<]*a later epoch/);
    expect(page).not.toContain('Not the newest');
    const row = cellsOf(formsOf(newest).csv()).find(([id, title]) => id === 'V06' && title !== 'shown');
    expect(row?.slice(3, 4)).toEqual(['violated']);
    expect(row?.slice(-4)).toEqual([
      '1',
      '2026-03-14T04:32:08.000Z',
      'unknown',
      expect.stringMatching(/epoch/),
    ]);
    expect(formsOf(signed).html('A4')).toContain('a later look or judgement is kept');
    expect(cellsOf(formsOf(signed).csv())).toContainEqual(['later looks or judgements', '1']);
  });

  test('has neither a script nor anything from elsewhere', () => {
    const page = formsOf(keptFixture('silent', saidOf('<script>alert(1)</script>'))).html('A4');
    expect(page).toContain(`content="default-src 'none'`);
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|<link|<img/);
  });

  test('names its files after site, cluster, epoch and time', () => {
    expect(formsOf(keptFixture('good')).name).toBe('verification-demo-WK1-epoch-3-20260314T050000Z');
  });
});
