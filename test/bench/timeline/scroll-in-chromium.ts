import { join } from 'node:path';
import type { Page } from 'playwright';
import { historyFile } from '../../../electron/host/history/site-history.ts';
import { openHistoryDatabase } from '../../../electron/host/history/history-database.ts';
import { openConsole, startConsole } from '../../e2e/console-run.ts';
import { fillHistory } from './fill-history.ts';

export interface ScrollSeen {
  readonly records: number;
  /** From the click that opens the timeline over all of them to its first rows. */
  readonly openedMs: number;
  /** Frames of the page while nothing is scrolled: what browser and machine give at best. */
  readonly still: FramesSeen;
  /** While the list moves on as fast as a wheel moves it. */
  readonly wheel: FramesSeen;
  /** While its bar is dragged from the top to the end. */
  readonly dragged: FramesSeen;
}

export interface FramesSeen {
  /** Rows of the table that were in the page at once. */
  readonly rowsAtMost: number;
  /** Milliseconds between two frames. */
  readonly frames: {
    readonly count: number;
    readonly mean: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
  };
  /** What the page itself worked for each of them: script, style and layout. */
  readonly workMs: number;
}

const watchedMs = 4_000;
/** About a screen of rows every fifth of a second. */
const wheelPixelsPerSecond = 2_500;

/** The timeline of the demo site, with the records of more clusters in its history, scrolled from its top to its end. */
export async function scrollInChromium(options: {
  readonly records: number;
  readonly clusters: number;
  readonly spanMs: number;
}): Promise<ScrollSeen> {
  const console = await startConsole();
  const { browser, page } = await openConsole(console.address);
  try {
    await page.getByRole('table').first().getByText('Active').first().waitFor();
    const history = openHistoryDatabase(join(await console.profile(), historyFile), 'x');
    fillHistory(history, { ...options, endMs: Date.now() - 3_600_000 });
    history.close();
    await page.goto(`${new URL(console.address).origin}/#/timeline`);
    await page.getByText(/^[\d,]+ records/).waitFor();
    const beganAt = performance.now();
    await page.getByText('90 days', { exact: true }).click();
    await page.getByText(new RegExp(`^${atLeast(options.records)} records`)).waitFor();
    await list(page).getByRole('button').first().waitFor();
    const openedMs = performance.now() - beganAt;
    const whole = await list(page).evaluate((region) => region.scrollHeight);
    return {
      records: options.records,
      openedMs,
      still: await scrolled(page, 0),
      wheel: await scrolled(page, Math.min(whole, (wheelPixelsPerSecond * watchedMs) / 1_000)),
      dragged: await scrolled(page, whole),
    };
  } finally {
    await browser.close();
    await console.stop();
  }
}

/** The count as the page writes it, with those of the demo's own journals on top. */
function atLeast(records: number): string {
  return records >= 100_000 ? '1\\d\\d,\\d{3}' : '1,\\d{3}';
}

function list(page: Page) {
  return page.getByRole('region', { name: 'Records' });
}

/** Frames while the list is moved evenly over so many pixels. */
async function scrolled(page: Page, pixels: number): Promise<FramesSeen> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable');
  const worked = async () => {
    const { metrics } = await protocol.send('Performance.getMetrics');
    const parts = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
    return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1_000 : 0), 0);
  };
  const before = await worked();
  const { rowsAtMost, frameMs } = await framesOf(page, pixels);
  const workMs = ((await worked()) - before) / frameMs.length;
  await protocol.detach();
  return { rowsAtMost, frames: summary(frameMs), workMs };
}

function summary(frameMs: readonly number[]): FramesSeen['frames'] {
  const sorted = [...frameMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = frameMs.reduce((sum, ms) => sum + ms, 0) / frameMs.length;
  return { count: frameMs.length, mean, median: at(0.5), p95: at(0.95), max: at(1) };
}

async function framesOf(
  page: Page,
  pixels: number,
): Promise<{ readonly rowsAtMost: number; readonly frameMs: readonly number[] }> {
  return list(page).evaluate(
    (region, { durationMs, distance }) =>
      new Promise((resolve) => {
        const frameMs: number[] = [];
        let rowsAtMost = 0;
        let last = performance.now();
        const beganAt = last;
        const frame = (now: number) => {
          frameMs.push(now - last);
          last = now;
          rowsAtMost = Math.max(rowsAtMost, region.querySelectorAll('[role=row]').length);
          const share = (now - beganAt) / durationMs;
          region.scrollTop = share * distance;
          if (share < 1) requestAnimationFrame(frame);
          else resolve({ rowsAtMost, frameMs: frameMs.slice(1) });
        };
        requestAnimationFrame(frame);
      }),
    { durationMs: watchedMs, distance: pixels },
  );
}
