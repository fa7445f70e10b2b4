import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright';
import { pause } from '../../lab/hosts/command.ts';
import { historyFile } from '../../../electron/host/history/site-history.ts';
import { openHistoryDatabase } from '../../../electron/host/history/history-database.ts';
import { openConsole, startConsole } from '../../e2e/console-run.ts';
import { withSiteHalted } from '../site-halted.ts';
import { fillHistory } from './fill-history.ts';

export interface ScrollSeen {
  readonly records: number;
  /** From the click that opens the timeline over all of them to its first rows. */
  readonly openedMs: number;
  /** With the site's nine programs on the same machine. */
  readonly beside: Scrolled;
  /** While they stand still, as on a workstation that runs none of them. */
  readonly alone: Scrolled;
}

export interface Scrolled {
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
    const beside = await scrolled(page);
    return {
      records: options.records,
      openedMs,
      beside,
      alone: await withSiteHalted(console.pid, () => scrolled(page)),
    };
  } finally {
    await browser.close();
    await console.stop();
  }
}

async function scrolled(page: Page): Promise<Scrolled> {
  const whole = await list(page).evaluate((region) => {
    region.scrollTop = 0;
    return region.scrollHeight - region.clientHeight;
  });
  const wheel = Math.min(whole, (wheelPixelsPerSecond * watchedMs) / 1_000);
  return {
    still: await watched(page, () => pause(watchedMs)),
    wheel: await watched(page, (protocol) => turnWheel(page, protocol, wheel)),
    dragged: await watched(page, () => drag(page)),
  };
}

/** The count as the page writes it, with those of the demo's own journals on top. */
function atLeast(records: number): string {
  return records >= 100_000 ? '1\\d\\d,\\d{3}' : '1,\\d{3}';
}

function list(page: Page) {
  return page.getByRole('region', { name: 'Records' });
}

/** Frames while `act` goes on. */
async function watched(page: Page, act: (protocol: CDPSession) => Promise<unknown>): Promise<FramesSeen> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable');
  const worked = async () => {
    const { metrics } = await protocol.send('Performance.getMetrics');
    const parts = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
    return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1_000 : 0), 0);
  };
  const before = await worked();
  const seen = await countFrames(page);
  await act(protocol);
  const { rowsAtMost, frameMs } = await seen.evaluate((counter) => counter.end());
  const workMs = ((await worked()) - before) / frameMs.length;
  await protocol.detach();
  return { rowsAtMost, frames: summary(frameMs), workMs };
}

/** The wheel of a mouse, turned over the list: the browser moves it as it does for a person. */
async function turnWheel(page: Page, protocol: CDPSession, pixels: number): Promise<void> {
  const { x, y, width, height } = (await list(page).boundingBox())!;
  await protocol.send('Input.synthesizeScrollGesture', {
    x: x + width / 2,
    y: y + height / 2,
    yDistance: -pixels,
    speed: wheelPixelsPerSecond,
    preventFling: true,
    gestureSourceType: 'mouse',
  });
}

/** The list is moved evenly to its end. */
function drag(page: Page): Promise<void> {
  return list(page).evaluate(
    (region, durationMs) =>
      new Promise((resolve) => {
        const distance = region.scrollHeight;
        const beganAt = performance.now();
        const frame = (now: number) => {
          const share = (now - beganAt) / durationMs;
          region.scrollTop = share * distance;
          if (share < 1) requestAnimationFrame(frame);
          else resolve();
        };
        requestAnimationFrame(frame);
      }),
    watchedMs,
  );
}

function summary(frameMs: readonly number[]): FramesSeen['frames'] {
  const sorted = [...frameMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = frameMs.reduce((sum, ms) => sum + ms, 0) / frameMs.length;
  return { count: frameMs.length, mean, median: at(0.5), p95: at(0.95), max: at(1) };
}

function countFrames(page: Page) {
  return list(page).evaluateHandle((region) => {
    const frameMs: number[] = [];
    let rowsAtMost = 0;
    let last = performance.now();
    let ended = false;
    const frame = (now: number) => {
      if (ended) return;
      frameMs.push(now - last);
      last = now;
      rowsAtMost = Math.max(rowsAtMost, region.querySelectorAll('[role=row]').length);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    return {
      end() {
        ended = true;
        return { rowsAtMost, frameMs: frameMs.slice(1) };
      },
    };
  });
}
