import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealReport } from '../../electron/host/report/seal-report.ts';
import type { Verification } from '../../shared/verification/verification.ts';
import { VerificationReport } from '../../shared/verification/verification-report.ts';
import { cellsOf } from '../unit/report/tables.ts';
import { builtProgram } from './built-program.ts';
import { eventually, patienceMs, seriousViolations } from './console-page.ts';
import { demoConsole, moveAct, moveButton, moved } from './demo-console.ts';
import { savedReport, squeezed, textOfPage, textOfPdf } from './saved-files.ts';

/**
 * Goal: after a move its proof is read, signed, exported and told alike on the command line. Method: the built console
 * with its demo site in Chromium; every file that it offers is opened and compared with the others.
 */
const demo = demoConsole();
let report: VerificationReport;

const rows = () => demo.page.getByRole('region', { name: 'List of checks' }).getByRole('row');
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

async function move(): Promise<void> {
  await demo.page.getByRole('button', { name: moveButton, disabled: false }).first().click();
  await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).click();
  await demo.page.getByLabel('Reason').fill('proof of a move');
  await demo.page.getByRole('button', { name: moveAct, disabled: false }).click();
}

/** Some of its tests wait for several things after another, each as long as a busy machine takes. */
describe.sequential('the proof of a move', { timeout: 5 * patienceMs }, () => {
  test('is made by itself once a cluster was switched over', async () => {
    await moved(demo, move);
    await demo.page.getByRole('button', { name: 'Show the verification' }).click();
    await demo.page.getByRole('heading', { level: 1, name: /lines hold/ }).waitFor();
    await expect.poll(() => rows().count(), { timeout: patienceMs }).toBe(19);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('says of each line who says so', async () => {
    await demo.page.getByRole('button', { name: 'One engine only' }).click();
    const panel = demo.page.getByRole('region', { name: 'One engine only' });
    await eventually(
      'the signs of both journals',
      () => panel.innerText(),
      /journal of ig-north[^]*journal of ig-south/,
    );
  });

  test('is signed by owner-1, and tells so', async () => {
    const sign = demo.page.getByRole('form', { name: 'Sign' });
    await sign.getByLabel('Comment').fill('seen with the ward');
    await sign.getByLabel('Name').fill('owner-1');
    await sign.getByRole('button', { name: /^Sign/ }).click();
    const list = sign.getByRole('list', { name: 'Signatures' });
    await eventually('the signature', () => list.innerText(), /owner-1[^]*seen with the ward/);
    await sign.getByLabel('Name').fill('owner-1');
    await eventually('nobody signs twice', () => sign.innerText(), /Not now: owner-1 has signed this/);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is exported as JSON with what the page shows, and a hash that can be made again', async () => {
    const file = await savedReport(demo.page, /^JSON/);
    report = VerificationReport.parse(JSON.parse(file.content.toString('utf8')));
    const { sha256, ...body } = report;
    expect(sealReport(body).sha256).toBe(sha256);
    expect(told(report.kept.verification)).toEqual(await shownLines());
    expect(report.sentence).toBe(await demo.page.getByRole('heading', { level: 1 }).innerText());
    expect(report.kept.signatures).toMatchObject([
      { name: 'owner-1', comment: 'seen with the ward', hash: report.kept.hash },
    ]);
  });

  test('says the same as a table, as a page and on paper', async () => {
    const csv = cellsOf((await savedReport(demo.page, /^CSV/)).content.toString('utf8'));
    const html = squeezed(
      await textOfPage(demo.page, (await savedReport(demo.page, /^HTML/)).content.toString('utf8')),
    );
    const pdf = squeezed(textOfPdf(demo.folder, (await savedReport(demo.page, /^PDF A4/)).content));
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
    const profile = await demo.run.profile();
    const out = join(demo.folder, 'reports');
    const words = [
      'proof',
      '--profile',
      profile,
      '--cluster',
      'WK1',
      '--operation',
      report.kept.verification.move.operation,
      '--sign',
      'owner-2',
      '--comment',
      'at night',
    ];
    const done = await builtProgram('dist/host/site.cjs', [
      ...words,
      '--format',
      'json',
      '--out',
      out,
      '--json',
    ]);
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
    await demo.page.reload();
    const list = demo.page.getByRole('list', { name: 'Signatures' });
    await eventually('both have signed', () => list.innerText(), /owner-1[^]*owner-2[^]*at night/);
  });

  test('has a line judged on the command line, which changes no verdict and shows on the page', async () => {
    const judged = report.kept.verification.lines.find(({ verdict }) => /consistent|unknown/.test(verdict))!;
    const { operation } = report.kept.verification.move;
    const move = ['--cluster', 'WK1', '--operation', operation];
    const place = ['proof', '--profile', await demo.run.profile(), ...move];
    const words = [
      '--judge',
      `${judged.id}:in-order`,
      '--by',
      'owner-1',
      '--comment',
      'seen on site',
      '--json',
    ];
    const done = await builtProgram('dist/host/site.cjs', [...place, ...words]);
    const kept = (JSON.parse(done.out.split('\n')[0]!) as { report: VerificationReport }).report.kept;
    expect(kept.judgements).toMatchObject([
      { line: judged.id, finding: 'in-order', name: 'owner-1', comment: 'seen on site' },
    ]);
    expect(kept.verification).toEqual(report.kept.verification);
    const proven = report.kept.verification.lines.find(({ verdict }) => verdict === 'proven')!;
    const refused = await builtProgram('dist/host/site.cjs', [
      ...place,
      ...['--judge', `${proven.id}:not-in-order`, '--by', 'owner-1', '--comment', 'no'],
    ]);
    expect([refused.code, refused.err + refused.out]).toEqual([
      1,
      expect.stringContaining(`${proven.id} is PROVEN: it is not for a person to judge.`),
    ]);
    await demo.page.reload();
    await demo.page.getByRole('button', { name: judged.title, exact: true }).click();
    const panel = demo.page.getByRole('region', { name: judged.title });
    await eventually('the judgement is shown', () => panel.innerText(), /owner-1[^]*seen on site/);
  });

  test('is told by ixha with the same verdicts, or with less where it does not look from outside', async () => {
    const words = ['verify', 'WK1', '--json', '--profile', await demo.run.profile()];
    const { move: judged, lines } = report.kept.verification;
    // An agent may answer too late once.
    await eventually(
      'what it tells of each line',
      async () => {
        const done = await builtProgram('dist/agent/ixha.cjs', words);
        const other = JSON.parse(done.out) as Verification;
        // It looks at the last move: on a busy machine the agents may have made one since, of which nothing was kept here.
        if (other.move.operation !== judged.operation) return 'alike';
        const differing = lines.filter(({ id, verdict }) => {
          const told = other.lines.find((line) => line.id === id)?.verdict;
          return told !== verdict && !(verdict === 'proven' && told === 'consistent');
        });
        return differing.map(({ id, verdict }) => `${id} not ${verdict}`).join(', ') || 'alike';
      },
      /^alike$/,
    );
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
