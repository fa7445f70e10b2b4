// Pictures of the built page in every state that it is judged by, with an accessibility check of each.
// Usage: node test/screens/capture.ts OUTDIR [--only NAME,…] [--sizes 1280x720,…] [--themes light,dark]
//        [--text PERCENT] [--forced-colors]
// With text larger than usual whatever is cut at the right is a finding too.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright';
import { advisorFixtures } from './advisor-fixtures.ts';
import { fixtures } from './fixtures.ts';
import { drillsFixtures } from './drills-fixtures.ts';
import { patchFixtures } from './patch-fixtures.ts';
import { notificationsFixtures } from './notifications-fixture.ts';
import { readinessFixtures } from './readiness-fixtures.ts';
import { serversFixtures } from './servers-fixtures.ts';
import { setupFixtures } from './setup-fixtures.ts';
import { cutTexts, enlargeText } from './large-text.ts';
import { builtPage, startPageServer, type PageServer } from './page-server.ts';
import type { ScreenState } from './screen-state.ts';
import { screenStates } from './states.ts';

const folder = process.argv[2] ?? 'test-results/screens';
const only = option('--only');
const sizes = (option('--sizes') ?? ['1280x720', '1920x1080']).map((size) => size.split('x').map(Number));
const themes = (option('--themes') ?? ['light', 'dark']) as ('light' | 'dark')[];
/** Size of the text in percent of what is usual. */
const textPercent = Number(option('--text')?.[0] ?? 100);
const forcedColors = process.argv.includes('--forced-colors') ? 'active' : 'none';
const findings: string[] = [];
/** A page that takes a second on an idle machine may take this long on a busy one. */
const slowMachineMs = 180_000;

const server = await startPageServer(builtPage);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
});
try {
  mkdirSync(folder, { recursive: true });
  for (const [width = 1280, height = 720] of sizes) {
    for (const theme of themes) await captureAll(browser, server, { width, height }, theme);
  }
} finally {
  await browser.close();
  await server.close();
}
for (const finding of findings) console.log(finding);
console.log(findings.length === 0 ? 'nothing found' : `${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

async function captureAll(
  started: Browser,
  host: PageServer,
  size: { width: number; height: number },
  theme: 'light' | 'dark',
): Promise<void> {
  host.theme = theme;
  const context = await started.newContext({ viewport: size, reducedMotion: 'reduce', forcedColors });
  const page = await context.newPage();
  let where = 'start';
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      findings.push(`${where}: ${message.text()}`);
  });
  page.on('pageerror', (error) => findings.push(`${where}: ${error.message}`));
  page.setDefaultTimeout(slowMachineMs);
  await page.addInitScript(fastClock);
  await page.addInitScript(noteRevisions);
  await enlargeText(page, textPercent);
  for (const state of screenStates) {
    if (only && !only.includes(state.name)) continue;
    where = `${state.name} ${theme} ${size.width}`;
    await open(page, host, state);
    await page.screenshot({ path: join(folder, `${state.name}-${theme}-${size.width}.png`) });
    findings.push(...(await judge(page, where)));
  }
  await context.close();
}

/** Opens a state with a past: a minute of it passes in two seconds, so that the small charts have a line. */
async function open(page: Page, host: PageServer, state: ScreenState): Promise<void> {
  host.setup = setupFixtures[state.setup ?? 'empty'];
  host.servers = serversFixtures[state.servers ?? 'rest'];
  host.advisor = advisorFixtures[state.advisor ?? 'empty'];
  host.readiness = readinessFixtures[state.readiness ?? 'some'];
  host.drills = drillsFixtures[state.drills ?? 'some'];
  host.patch = patchFixtures[state.patch ?? 'none'];
  host.notifications = notificationsFixtures[state.notifications ?? 'some'];
  host.welcomed = state.isFirst !== true;
  host.verified = state.verified === undefined ? 'silent' : state.verified;
  host.show(fixtures.healthy(), 12);
  await page.goto('about:blank');
  // From the overview: what a page reads by itself is then as old as a person would see it.
  await page.goto(host.url);
  await page.evaluate(() => (window as unknown as { warp(speed: number): void }).warp(25));
  await page.waitForTimeout(state.past ? 600 : 2_000);
  if (state.past) {
    host.show(fixtures[state.past](), 12);
    await page.waitForTimeout(40);
    host.show(fixtures.healthy(), 12);
    await page.waitForTimeout(1_400);
  }
  await page.evaluate(() => (window as unknown as { warp(speed: number): void }).warp(1));
  host.show(fixtures[state.fixture](), 250);
  const before = host.revision();
  await page.evaluate((hash) => (window.location.hash = hash), state.hash);
  // The first one behind it may still be of the time before; what was received is drawn with the next frames.
  await page.waitForFunction((shown) => (window as unknown as Noted).lastRevision > shown + 1, before);
  await page.waitForTimeout(600);
  // A heading takes the focus when the page is changed: its ring is no part of the state.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await state.act?.(page);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(300);
}

async function judge(page: Page, where: string): Promise<string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  const axe = await axeOf(page).analyze();
  const serious = axe.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const cut = textPercent > 100 ? await page.evaluate(cutTexts) : [];
  return [
    ...cut.map((text) => `${where}: cut at the right: ${text}`),
    ...(wide ? [`${where}: scrolls sideways`] : []),
    ...serious.flatMap((violation) =>
      violation.nodes
        .slice(0, 4)
        .map(
          (node) =>
            `${where}: ${violation.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1] ?? ''}`,
        ),
    ),
  ];
}

/** With a person's own colours the contrast is that person's, and not told by the style of the page. */
function axeOf(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  return forcedColors === 'active' ? axe.disableRules(['color-contrast']) : axe;
}

interface Noted {
  lastRevision: number;
}

/** Notes which snapshot the page has received last. */
function noteRevisions(): void {
  const noted = window as unknown as Noted & { WebSocket: typeof WebSocket };
  const Real = noted.WebSocket;
  noted.lastRevision = 0;
  noted.WebSocket = class extends Real {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data)) as { event?: { revision?: number } };
        noted.lastRevision = frame.event?.revision ?? noted.lastRevision;
      });
    }
  };
}

/** Lets the page's monotonic clock run faster for a while. */
function fastClock(): void {
  const real = performance.now.bind(performance);
  let speed = 1;
  let fromReal = real();
  let fromShown = fromReal;
  performance.now = () => fromShown + (real() - fromReal) * speed;
  (window as unknown as { warp(next: number): void }).warp = (next) => {
    fromShown = performance.now();
    fromReal = real();
    speed = next;
  };
}

function option(name: string): string[] | undefined {
  const at = process.argv.indexOf(name);
  return at > 0 ? process.argv[at + 1]?.split(',') : undefined;
}
