import { describe, expect, test } from 'vitest';
import { sealReport } from '../../electron/host/report/seal-report.ts';
import type { DrillReport } from '../../shared/drills/drill-report.ts';
import { cellsOf } from '../unit/report/tables.ts';
import { eventually, goTo, patienceMs, seriousViolations } from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';
import { savedReport, squeezed, textOfPage, textOfPdf } from './saved-files.ts';

/**
 * Goal: what is planned ahead is done on the screen: a move at a time of its own, a drill with its certificate, a server
 * out of service and back. Method: the built console with its demo site in Chromium.
 */
const demo = demoConsole();
const said = () => demo.page.getByRole('main').innerText();
const heading = () => demo.page.getByRole('heading', { level: 1 }).innerText();
const plan = () => demo.page.getByRole('list', { name: 'Plan of drills' }).innerText();
const act = (name: string | RegExp) =>
  demo.page.getByRole('button', { name, disabled: false }).first().click();

describe.sequential('what is planned ahead', { timeout: 10 * patienceMs }, () => {
  test('is a switchover at a time of its own, which is called off again', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'cluster/WK1/schedule');
    await demo.page.getByLabel('Reason').fill('kernel patch tonight');
    await act('Schedule a switchover of WK1');
    await eventually('the Active keeps it', heading, /^Switchover of WK1 is scheduled$/);
    expect(await seriousViolations(demo.page)).toEqual([]);
    await act('Call it off');
    await eventually('nothing waits any more', heading, /^Schedule a switchover of WK1$/);
  });

  test('is a drill, for which a new site has two weeks before it is a problem', async () => {
    await goTo(demo.page, 'drills');
    await eventually('by when the first one is due', heading, /^The first drill is due by \d{4}-\d\d-\d\d$/);
    await eventually('for both clusters', plan, /WK1[^]*First one by[^]*WK2[^]*First one by/);
    expect(await seriousViolations(demo.page)).toEqual([]);
    await demo.page.getByRole('radio', { name: /Switchover and back/ }).check();
    await demo.page.getByLabel('Reason').fill('quarterly drill');
    await act('Begin: Switchover and back of WK1');
    await demo.page.getByRole('button', { name: 'Export', exact: true }).waitFor({ timeout: 240_000 });
    expect(await said()).toMatch(/Switchover and back of WK1 passed|passed/i);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('has a certificate that says the same in four formats', async () => {
    const json = (await savedReport(demo.page, /^JSON/)).content.toString('utf8');
    const certificate = JSON.parse(json) as DrillReport;
    const { sha256, ...body } = certificate;
    expect(sealReport(body).sha256).toBe(sha256);
    const { lines, sentence } = certificate.drill;
    const csv = cellsOf((await savedReport(demo.page, /^CSV/)).content.toString('utf8'));
    const html = (await savedReport(demo.page, /^HTML/)).content.toString('utf8');
    const pages = [
      squeezed(await textOfPage(demo.page, html)),
      squeezed(textOfPdf(demo.folder, (await savedReport(demo.page, /^PDF A4/)).content)),
    ];
    for (const { what, happened } of lines) {
      expect(csv.flat()).toContain(what);
      for (const words of [what, happened ?? '']) {
        for (const page of pages) expect(page).toContain(squeezed(words));
      }
    }
    for (const page of [...pages, squeezed(csv.flat().join(' '))]) {
      expect(page).toContain(squeezed(sentence));
      expect(page).toContain('quarterlydrill');
    }
  });

  test('leaves one drill less to make', async () => {
    await goTo(demo.page, 'drills');
    await eventually('that of WK2 is left', plan, /WK2[^]*First one by[^]*WK1[^]*Passed/);
    await goTo(demo.page, '');
    await bothProtected(demo);
    expect(await said()).not.toMatch(/drills? (?:is|are) due/);
  });

  test('is a server that is taken out of service for a patch, and brought back', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'patch/ig-north');
    await act('Continue to confirm');
    await demo.page.getByLabel('Reason').fill('kernel patch');
    await act('Take ig-north out of service');
    await eventually('it may be patched', heading, /^ig-north may be patched now$/, 240_000);
    expect(await seriousViolations(demo.page)).toEqual([]);
    await act('Bring ig-north back…');
    await act('Continue to confirm');
    await demo.page.getByLabel('Reason').fill('patched');
    await act('Bring ig-north back');
    await eventually('it is back', heading, /^ig-north is back in service$/, 240_000);
    await bothProtected(demo);
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
