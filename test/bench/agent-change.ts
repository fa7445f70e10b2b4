import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchChromium, startConsole } from '../e2e/console-run.ts';
import type { Measured } from './measured.ts';

const runs = 10;
const run = promisify(execFile);
const ixha = join(import.meta.dirname, '../../dist/agent/ixha.cjs');

interface JournalPage {
  readonly records: readonly {
    readonly wallTime: string;
    readonly ruleId: string | null;
    readonly kind: string;
  }[];
}

/**
 * From a decision at an agent to its sentence on the page. Each planned switchover writes rule R10 into the
 * journal with its time; a watcher in the page notes when R10 appears. Both read the clock of one machine.
 */
export async function measureChange(): Promise<readonly Measured[]> {
  const console = await startConsole();
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(console.address);
  await page.getByRole('table').first().getByText('Active').first().waitFor({ timeout: 60_000 });
  await page.goto(`${new URL(console.address).origin}/#/cluster/WK1/topology`);
  const profile = await console.profile();
  const times: number[] = [];
  for (let turn = 0; turn < runs; turn += 1) {
    await page.getByText('R33').first().waitFor({ timeout: 30_000 });
    const seen = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!/\bR1[0-3]\b/.test(document.body.innerText)) return;
            observer.disconnect();
            resolve(Date.now());
          });
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await run(process.execPath, [ixha, 'switchover', 'WK1', '--profile', profile]);
    times.push((await seen) - (await newestDecision(profile)));
  }
  await browser.close();
  await console.stop();
  return [{ title: 'decision at an agent to its rule on the page', times }];
}

async function newestDecision(profile: string): Promise<number> {
  const { stdout } = await run(process.execPath, [
    ixha,
    'journal',
    'WK1',
    '--json',
    '--limit',
    '60',
    '--profile',
    profile,
  ]);
  const { records } = JSON.parse(stdout) as JournalPage;
  const newest = records
    .filter(({ kind, ruleId }) => kind === 'decision' && ruleId === 'R10')
    .map((record) => Date.parse(record.wallTime));
  return Math.max(...newest.filter((time) => Number.isFinite(time)));
}
