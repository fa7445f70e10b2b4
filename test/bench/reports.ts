import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { launchChromium, startConsole } from '../e2e/console-run.ts';
import { savedReport } from '../e2e/saved-files.ts';
import type { Measured } from './measured.ts';
import { withSiteHalted } from './site-halted.ts';

const site = join(import.meta.dirname, '../../dist/host/site.cjs');

/**
 * Readiness of the demo site's two clusters and its reports: from a person's click to what it leads to, and the same as
 * a command from the start of its process to its end. The browser that prints is started anew for every PDF. At last a
 * PDF once more without the work of the site's own programs, which a workstation does not have.
 */
export async function measureReports(runs: number): Promise<readonly Measured[]> {
  const console = await startConsole();
  const browser = await launchChromium();
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bench-reports-'));
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(console.address);
    await page.getByRole('table').first().getByText('Active').first().waitFor();
    await page.goto(`${new URL(console.address).origin}/#/readiness`);
    await secondRun(page);
    const profile = await console.profile();
    const command = (...words: string[]) =>
      ended(['readiness', '--profile', profile, '--out', folder, ...words]);
    return [
      {
        title: 'all checks of two clusters, from “Run all” to the result on the page',
        times: await repeated(runs, () => runAll(page)),
      },
      {
        title: 'their report as PDF, from the click to the file',
        times: await repeated(runs, () => savedReport(page, /^PDF A4/)),
      },
      {
        title: 'their report as HTML, from the click to the file',
        times: await repeated(runs, () => savedReport(page, /^HTML/)),
      },
      { title: '`site readiness`, the whole command', times: await repeated(runs, () => command()) },
      {
        title: '`site readiness --format html,pdf,csv,json`, the whole command',
        times: await repeated(runs, () => command('--format', 'html,pdf,csv,json')),
      },
      {
        title: 'as PDF, from the click to the file, while the programs of the site stand still',
        times: await withSiteHalted(console.pid, () => repeated(runs, () => savedReport(page, /^PDF A4/))),
      },
    ];
  } finally {
    await browser.close();
    await console.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeated(runs: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const beganAt = performance.now();
    await act();
    times.push(performance.now() - beganAt);
  }
  return times;
}

/** Its end is seen by the number of runs that are kept: a run may be over before a person sees that it runs. */
async function runAll(page: Page): Promise<void> {
  const kept = page.getByText(/^\d+ runs are kept$/);
  const before = Number.parseInt(await kept.innerText(), 10);
  await page.getByRole('button', { name: 'Run all' }).click();
  await page.getByText(`${before + 1} runs are kept`, { exact: true }).waitFor();
}

/** One run more than the first one, and the card that counts them. */
async function secondRun(page: Page): Promise<void> {
  await page.getByText(/Last full run/).waitFor();
  await page.getByRole('button', { name: 'Compare two runs' }).click();
  await page.getByRole('button', { name: 'Run all' }).click();
  await page.getByText('2 runs are kept', { exact: true }).waitFor();
}

/** It ends with 1 where a check is open, which is no failure here. */
function ended(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [site, ...words], (error, _out, told) => {
      if (error === null || error.code === 1) resolve();
      else reject(new Error(told));
    });
  });
}
