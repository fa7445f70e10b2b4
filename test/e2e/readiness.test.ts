import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import { sealReport } from '../../electron/host/report/seal-report.ts';
import { ReadinessReport } from '../../shared/readiness/report.ts';
import { cellsOf } from '../unit/report/tables.ts';
import { eventually, goTo, patienceMs, seriousViolations } from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';
import { savedReport, squeezed, structureOfPdf, textOfPage, textOfPdf } from './saved-files.ts';

/**
 * Goal: an administrator sees what is not ready, says what only people know, compares two runs, and takes it all along
 * as files. Method: the built console with its demo site in Chromium; every file that it offers is opened and compared
 * with the first one.
 */
const demo = demoConsole();

/** One day for the whole run, also when it ends after midnight. */
const today = Date.now();
const isoDate = (days: number) => new Date(today + days * 86_400_000).toISOString().slice(0, 10);

describe.sequential('the readiness of a site', { timeout: 5 * patienceMs }, () => {
  const contacts = 'Contacts and escalation are written down';
  const status = () => demo.page.getByRole('status').first().innerText();
  const opened = (title: string): Locator =>
    demo.page
      .getByRole('listitem')
      .filter({ has: demo.page.getByRole('button', { name: title, exact: true }) });
  let report: ReadinessReport;
  /** Every check with every finding, and what people have said. */
  const saysAll = (text: string) => {
    for (const { id, title, subjects } of report.checks) {
      expect(text).toContain(squeezed(`${id} ${title}`));
      for (const { finding } of subjects) expect(text).toContain(squeezed(finding));
    }
    for (const said of [report.sentence, 'owner-1', 'Safe 2', 'after the move of the ward'])
      expect(text).toContain(squeezed(said));
  };

  test('is judged by all checks', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'readiness');
    await eventually('the first run has ended', status, /checks are met.*Last full run/);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('takes what owner-1 answers, with note and end', async () => {
    await demo.page.getByRole('button', { name: contacts, exact: true }).click();
    const check = opened(contacts);
    await check.getByRole('button', { name: 'Answer', exact: true }).click();
    await check.getByLabel('Who stands for it').fill('owner-1');
    await check.getByLabel('Counts until').fill(isoDate(60));
    await check.getByLabel('Where a proof is kept').fill('Safe 2');
    await check.getByLabel('Note').fill('list of this quarter');
    await check.getByRole('button', { name: 'Keep the answer' }).click();
    await eventually(
      'the answer stands',
      () => check.innerText(),
      new RegExp(`Kept at: Safe 2[^]*counts until ${isoDate(60)}`),
    );
  });

  test('puts aside what can wait, with a reason and an end', async () => {
    const runbook = demo.page.getByRole('button', { name: /^Answer: / }).first();
    const title = ((await runbook.getAttribute('aria-label')) ?? '').replace('Answer: ', '');
    await runbook.click();
    const check = opened(title);
    await check.getByRole('button', { name: 'Put aside…' }).first().click();
    await check.getByLabel('Why it can wait').fill('after the move of the ward');
    await check.getByLabel('Until').fill(isoDate(30));
    await check.getByRole('button', { name: 'Put aside', exact: true }).click();
    await eventually('it is put aside', () => demo.page.getByRole('main').innerText(), /1 put aside/);
  });

  test('compares two runs', async () => {
    await demo.page.getByRole('button', { name: 'Compare two runs' }).click();
    await eventually(
      'there is one',
      () => demo.page.getByRole('main').innerText(),
      /One run is kept; a second one/,
    );
    await demo.page.getByRole('button', { name: 'Run all' }).click();
    const changes = demo.page.getByRole('list', { name: 'What changed' });
    await eventually(
      'what changed',
      () => changes.innerText(),
      new RegExp(`${contacts}[^]*before: unknown[^]*after: ok`),
    );
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is exported as JSON with what was said, and a hash that can be made again', async () => {
    report = ReadinessReport.parse(
      JSON.parse((await savedReport(demo.page, /^JSON/)).content.toString('utf8')),
    );
    const { sha256, ...body } = report;
    expect(sealReport(body).sha256).toBe(sha256);
    const said = report.checks.flatMap(({ subjects }) => subjects);
    expect(said.flatMap(({ answer }) => answer ?? [])).toMatchObject([
      { owner: 'owner-1', note: 'list of this quarter', expires: isoDate(60), attachment: 'Safe 2' },
    ]);
    expect(said.flatMap(({ snooze }) => snooze ?? [])).toMatchObject([
      { reason: 'after the move of the ward', until: isoDate(30) },
    ]);
  });

  test('says the same as a table', async () => {
    const csv = cellsOf((await savedReport(demo.page, /^CSV/)).content.toString('utf8'));
    for (const { id, title, subjects } of report.checks) {
      for (const { subject, verdict, finding } of subjects) {
        const row = csv.find((cells) => cells[0] === id && cells[4] === (subject || 'site'));
        expect([row?.[1], row?.[5], row?.[6]]).toEqual([title, verdict, finding]);
      }
    }
    expect(squeezed(csv.flat().join(' '))).toContain(squeezed(report.sentence));
    for (const said of ['owner-1', 'Safe 2', 'after the move of the ward'])
      expect(csv.flat()).toContain(said);
  });

  test('says the same as a page of its own', async () => {
    const { content } = await savedReport(demo.page, /^HTML/);
    saysAll(squeezed(await textOfPage(demo.page, content.toString('utf8'))));
  });

  test.each([/^PDF A4/, /^PDF Letter/])('says the same on paper: %s', async (paper) => {
    const { content } = await savedReport(demo.page, paper);
    saysAll(squeezed(textOfPdf(demo.folder, content)));
    expect(structureOfPdf(demo.folder, content)).toEqual({ tagged: true, headings: true, outline: true });
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
