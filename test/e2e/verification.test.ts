import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealReport } from '../../electron/host/report/seal-report.ts';
import type { Verification } from '../../shared/verification/verification.ts';
import { VerificationReport } from '../../shared/verification/verification-report.ts';
import { cellsOf } from '../unit/report/tables.ts';
import { eventually, goTo, patienceMs, seriousViolations } from './console-page.ts';
import { openConsole, startConsole, type ConsoleRun } from './console-run.ts';
import { savedReport, squeezed, textOfPage, textOfPdf } from './saved-files.ts';

/**
 * Goal: after a move its proof is read, signed, exported and told alike on the command line. Method: the built console
 * with its demo site in Chromium; every file that it offers is opened and compared with the others.
 */
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ixha-e2e-verification-'));
let run: ConsoleRun;
let browser: Browser;
let page: Page;
let errors: string[];
let report: VerificationReport;

beforeAll(async () => {
  run = await startConsole();
  ({ browser, page, errors } = await openConsole(run.address));
});
afterAll(async () => {
  await browser?.close();
  await run?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A program of this build, run to its end. */
function program(path: string, words: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, path), ...words], { timeout: patienceMs }, (error, out) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out }),
    );
  });
}

/** On a busy machine the other server may have come first: then the move is one back. */
const moveButton = /^(?:Switch over|Back to ig-north)…$/;
const act = /^(?:Switch WK1 over to ig-south|Move WK1 back to ig-north)$/;
const rows = () => page.getByRole('region', { name: 'List of checks' }).getByRole('row');
/** Verdict and title of every line, as the page shows them. */
const shownLines = async () => {
  const texts = await rows().allInnerTexts();
  return texts.slice(1).map((text) =>
    text
      .split(/\t|\n/)
      .map((cell) => cell.trim())
      .filter(Boolean)
      .slice(0, 2),
  );
};
const told = ({ lines }: Verification) => lines.map(({ verdict, title }) => [verdict.toUpperCase(), title]);

describe.sequential('the proof of a move', () => {
  test('is made by itself once a cluster was switched over', async () => {
    await eventually(
      'both are protected',
      () => page.getByRole('banner').first().innerText(),
      /WK1 on[^]*WK2 on/,
    );
    await goTo(page, 'cluster/WK1/topology');
    await page.getByRole('button', { name: moveButton, disabled: false }).first().click();
    await page.getByRole('button', { name: 'Continue to confirm', disabled: false }).click();
    await page.getByLabel('Reason').fill('proof of a move');
    await page.getByRole('button', { name: act, disabled: false }).click();
    await page.getByRole('button', { name: 'Show the verification' }).click();
    await page.getByRole('heading', { level: 1, name: /lines hold/ }).waitFor();
    expect(await rows().count()).toBe(19);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('says of each line who says so', async () => {
    await page.getByRole('button', { name: 'One engine only' }).click();
    const panel = page.getByRole('region', { name: 'One engine only' });
    await eventually(
      'the signs of both journals',
      () => panel.innerText(),
      /journal of ig-north[^]*journal of ig-south/,
    );
  });

  test('is signed by owner-1, and tells so', async () => {
    const sign = page.getByRole('form', { name: 'Sign' });
    await sign.getByLabel('Comment').fill('seen with the ward');
    await sign.getByLabel('Name').fill('owner-1');
    await sign.getByRole('button', { name: /^Sign/ }).click();
    const list = sign.getByRole('list', { name: 'Signatures' });
    await eventually('the signature', () => list.innerText(), /owner-1[^]*seen with the ward/);
    await sign.getByLabel('Name').fill('owner-1');
    await eventually('nobody signs twice', () => sign.innerText(), /Not now: owner-1 has signed this/);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('is exported as JSON with what the page shows, and a hash that can be made again', async () => {
    const file = await savedReport(page, /^JSON/);
    report = VerificationReport.parse(JSON.parse(file.content.toString('utf8')));
    const { sha256, ...body } = report;
    expect(sealReport(body).sha256).toBe(sha256);
    expect(told(report.kept.verification)).toEqual(await shownLines());
    expect(report.sentence).toBe(await page.getByRole('heading', { level: 1 }).innerText());
    expect(report.kept.signatures).toMatchObject([
      { name: 'owner-1', comment: 'seen with the ward', hash: report.kept.hash },
    ]);
  });

  test('says the same as a table, as a page and on paper', async () => {
    const csv = cellsOf((await savedReport(page, /^CSV/)).content.toString('utf8'));
    const html = squeezed(
      await textOfPage(page, (await savedReport(page, /^HTML/)).content.toString('utf8')),
    );
    const pdf = squeezed(textOfPdf(folder, (await savedReport(page, /^PDF A4/)).content));
    const { verification, signatures } = report.kept;
    for (const { id, title, verdict, claim, signs } of verification.lines) {
      expect(csv.find((row) => row[0] === id && row[1] === title)?.slice(2, 4)).toEqual([claim, verdict]);
      for (const text of [html, pdf])
        expect(text).toContain(squeezed(`${verdict.toUpperCase()} ${id} ${title} ${claim}`));
      for (const { from, says } of signs) {
        for (const text of [html, pdf]) expect(text).toContain(squeezed(`${from}: ${says}`));
      }
    }
    for (const text of [html, pdf, squeezed(csv.flat().join(' '))]) {
      expect(text).toContain(squeezed(report.sentence));
      expect(text).toContain(signatures[0]!.hash);
      expect(text).toContain('owner-1');
      expect(text).toContain(squeezed('seen with the ward'));
    }
  });

  test('is told alike by the command line, which signs and exports it as well', async () => {
    const profile = await run.profile();
    const out = join(folder, 'reports');
    const words = [
      'proof',
      '--profile',
      profile,
      '--cluster',
      'WK1',
      '--sign',
      'owner-2',
      '--comment',
      'at night',
    ];
    const done = await program('dist/host/site.cjs', [...words, '--format', 'json', '--out', out, '--json']);
    const holds = !report.kept.verification.lines.some(({ verdict }) => /unknown|violated/.test(verdict));
    expect([done.code, done.out.split('\n')[0]]).toEqual([
      holds ? 0 : 1,
      expect.stringContaining('"report"'),
    ]);
    const [name = ''] = readdirSync(out);
    const again = VerificationReport.parse(JSON.parse(readFileSync(join(out, name), 'utf8')));
    expect(again.kept.verification).toEqual(report.kept.verification);
    expect(again.kept.signatures.map((one) => [one.name, one.hash])).toEqual([
      ['owner-1', report.kept.hash],
      ['owner-2', report.kept.hash],
    ]);
    await page.reload();
    const list = page.getByRole('list', { name: 'Signatures' });
    await eventually('both have signed', () => list.innerText(), /owner-1[^]*owner-2[^]*at night/);
  });

  test('is told by ixha with the same verdicts, or with less where it does not look from outside', async () => {
    const done = await program('dist/agent/ixha.cjs', [
      'verify',
      'WK1',
      '--json',
      '--profile',
      await run.profile(),
    ]);
    const verification = JSON.parse(done.out) as Verification;
    for (const { id, verdict } of report.kept.verification.lines) {
      const other = verification.lines.find((line) => line.id === id);
      const weaker = verdict === 'proven' ? ['proven', 'consistent'] : [verdict];
      expect([id, weaker]).toEqual([id, expect.arrayContaining([other?.verdict])]);
    }
  });

  test('had no error in the page', () => {
    expect(errors).toEqual([]);
  });
});
