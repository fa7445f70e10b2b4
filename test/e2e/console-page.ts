import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { expect } from 'vitest';

/** What a person waits for in seconds may take this long on a busy machine. */
export const patienceMs = 60_000;

/** Looks until what is told fits, and says what was told last when it never does. */
export async function eventually(
  what: string,
  look: () => Promise<string>,
  wanted: RegExp,
  timeout = patienceMs,
): Promise<void> {
  await expect.poll(look, { message: what, timeout, interval: 100 }).toMatch(wanted);
}

/** What axe finds on the page as it is now that keeps people out. */
export async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Opens another place of the console, as a link does. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/${place}`);
}

/** What has the focus, as a person would read it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const here = document.activeElement;
    const isField = [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement].some(
      (kind) => here instanceof kind,
    );
    const labels = isField ? (here as HTMLInputElement).labels : null;
    return (
      here?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? here?.textContent?.slice(0, 200) ?? ''
    );
  });
}

/**
 * Goes on with Tab until the named thing has the focus: what Tab never reaches cannot be used without a mouse. It goes
 * round more than once, since a site in motion may offer the thing only a moment later.
 */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!name.test(await focused(page))) {
    if (Date.now() > deadline) throw new Error(`Tab never reaches ${name}; it is at ${await focused(page)}`);
    await page.keyboard.press('Tab');
  }
}

/** Reaches it by Tab and presses Enter, as soon as nothing refuses it any more. */
export async function press(page: Page, name: RegExp): Promise<void> {
  const deadline = Date.now() + patienceMs;
  await tabTo(page, name);
  while (await isRefused(page)) {
    if (Date.now() > deadline) throw new Error(`${name} stays refused`);
    await page.waitForTimeout(100);
    // What is refused may give way to something else under the same name.
    await tabTo(page, name);
  }
  await page.keyboard.press('Enter');
}

/** What has the focus is reached by keyboard, and does nothing now. */
function isRefused(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-disabled') === 'true');
}

/** Keeps how the page looks now, light and dark, in the folder of `IXHA_PICTURES`; without one nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['IXHA_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

/** Goes to the Overview and reads from the navigation, which guided work folds away, on which server a cluster is Active. */
export async function activeOf(page: Page, cluster: string): Promise<string> {
  await goTo(page, '');
  const entry = page.getByRole('link', { name: new RegExp(`^${cluster}`) }).first();
  let server: string | undefined;
  const look = async () => {
    server = /ig-(?:north|south)/.exec(await entry.innerText())?.[0];
    return server ?? 'nobody';
  };
  await eventually(`${cluster} has an Active`, look, /^ig-/);
  return server!;
}
