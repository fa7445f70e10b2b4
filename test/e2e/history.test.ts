import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealReport } from '../../electron/host/report/seal-report.ts';
import { cellsOf } from '../unit/report/tables.ts';
import { handedOver, makeBundle } from '../unit/support/make-bundle.ts';
import { eventually, goTo, patienceMs, seriousViolations } from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';
import { saved } from './saved-files.ts';

/**
 * Goal: the past of a site is looked at, compared and taken along, and that of a bundle beside it. Method: the built
 * console with its demo site in Chromium; the files that it offers are opened.
 */
const demo = demoConsole();
const main = () => demo.page.getByRole('main').innerText();
const panel = () => demo.page.getByRole('region', { name: 'As the journals tell it' });

async function exported(format: RegExp): Promise<string> {
  const file = await saved(demo.page, async () => {
    await demo.page.getByRole('menu').waitFor({ state: 'hidden' });
    await demo.page.getByRole('button', { name: 'Export', exact: true, expanded: false }).first().click();
    await demo.page.getByRole('menuitem', { name: format }).click();
  });
  return file.content.toString('utf8');
}

describe.sequential('the past of a site', { timeout: 5 * patienceMs }, () => {
  test('is told for any instant, and compared with another one', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'timeline');
    const records = demo.page.getByRole('region', { name: 'Records' });
    await demo.page.getByLabel('Words in the record').fill('is Active with epoch');
    const rows = records.getByRole('row').filter({ hasText: /is Active with epoch/ });
    const others = records.getByRole('row').filter({ hasNotText: /is Active with epoch/ });
    await eventually(
      'only who became Active',
      async () => `${await others.count()} ${await rows.count()}`,
      /^1 ([2-9]|\d\d)$/,
    );
    await rows.first().click();
    await eventually('the site then', () => panel().innerText(), /WK[12]: ig-\w+ was Active with epoch \d+/);
    await panel().getByRole('button', { name: 'Compare with another instant' }).click();
    await rows.last().click();
    await eventually(
      'what changed',
      () => panel().innerText(),
      /Before[^]*After|^(?:Set|Ended|Alarm) WK|Nothing is different/m,
    );
    expect(await seriousViolations(demo.page)).toEqual([]);
    await panel().getByRole('button', { name: 'End the comparison' }).click();
  });

  test('is taken along whole, with its chains verified', async () => {
    const body = JSON.parse(await exported(/^JSON/)) as {
      sha256: string;
      chains: { verdict: string }[];
      records: object[];
    };
    const { sha256, ...content } = body;
    expect(sealReport(content).sha256).toBe(sha256);
    expect(body.chains.length).toBeGreaterThan(0);
    expect(body.chains.map(({ verdict }) => verdict)).not.toContain('broken');
    const rows = cellsOf(await exported(/^CSV/));
    expect(rows.length).toBeGreaterThan(body.records.length / 2);
  });

  test('of a bundle stands beside it, without any server', async () => {
    const bundle = join(demo.folder, 'ixha-support-clinic.tar.gz');
    makeBundle(bundle, handedOver());
    await demo.page.getByRole('button', { name: 'Open a bundle…' }).click();
    const path = demo.page.getByLabel('Bundle on this workstation');
    await path.fill('/nowhere/at/all.tar.gz');
    await demo.page.getByRole('button', { name: 'Open the bundle' }).click();
    await eventually('it is not there', main, /bundle\.unreadable/);
    await path.fill(bundle);
    await demo.page.getByRole('button', { name: 'Open the bundle' }).click();
    await eventually(
      'it is opened',
      main,
      /Not the present state of any server[^]*Unbroken from record 1 to 4/,
    );
    await demo.page.getByRole('region', { name: 'Records' }).getByRole('button').first().click();
    await eventually('the site then', () => panel().innerText(), /WK1: ig-\w+ was Active/);
    expect(await seriousViolations(demo.page)).toEqual([]);
    expect(JSON.parse(await exported(/^JSON/))).toMatchObject({ records: { length: 7 } });
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
