import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole, startConsole, type ConsoleRun } from './console-run.ts';

/**
 * Goal: with automatic failover blocked a server dies, and a person lets the other one take over, by keyboard alone.
 * Method: the built console with its demo site in Chromium; the mouse is never used, and focus moves by Tab.
 */
let run: ConsoleRun;
let browser: Browser;
let page: Page;
let errors: string[];
/** Where WK1 is Active when its server dies, and who then takes over. */
let old: string;
let other: string;

beforeAll(async () => {
  run = await startConsole();
  ({ browser, page, errors } = await openConsole(run.address));
});
afterAll(async () => {
  await browser?.close();
  await run?.stop();
});

const banner = () => page.getByRole('banner').first();

async function sees(what: string | RegExp, limitMs = 60_000): Promise<void> {
  await page.getByText(what).first().waitFor({ timeout: limitMs });
}

/** What has the focus, as a person would read it. */
const focused = () =>
  page.evaluate(() => {
    const here = document.activeElement;
    return here?.getAttribute('aria-label') ?? here?.textContent ?? '';
  });

/** Goes on with Tab until the named thing has the focus: what Tab never reaches cannot be used without a mouse. */
async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (name.test(await focused())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${name}; it is at ${await focused()}`);
}

async function press(name: RegExp): Promise<void> {
  await tabTo(name);
  await page.keyboard.press('Enter');
}

/** As the navigation says it beside the cluster. */
const activeOfWk1 = async () =>
  /ig-(?:north|south)/.exec(await page.getByRole('link', { name: /^WK1/ }).first().innerText())?.[0] ?? '';

async function eventually(what: string, look: () => Promise<string>, wanted: RegExp): Promise<void> {
  await expect.poll(look, { message: what, timeout: 60_000, interval: 100 }).toMatch(wanted);
}

describe.sequential('a failover that a person asks for, without a mouse', () => {
  test('blocks automatic failover of WK1 first', async () => {
    await eventually('both clusters are protected', () => banner().innerText(), /WK1 on[^]*WK2 on/);
    await press(/^WK1/);
    await press(/^Maintenance…$/);
    await page.getByLabel('What').waitFor();
    await page.getByLabel('What').focus();
    await page.keyboard.press('ArrowDown');
    await press(/^Continue to confirm$/);
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('the power is worked on');
    await press(/^Block automatic failover of WK1 until/);
    await eventually('the block is in force', () => banner().innerText(), /WK1 blocked/);
  });

  test('shows the server of its Active die and nobody take over', async () => {
    // Guided work folds the navigation, which says where a cluster is Active.
    await page.goto(`${new URL(run.address).origin}/#/`);
    await eventually('WK1 has an Active', activeOfWk1, /^ig-/);
    old = await activeOfWk1();
    other = old === 'ig-north' ? 'ig-south' : 'ig-north';
    await press(/^Faults/);
    const faults = page.getByRole('region', { name: 'Faults of the demo site' });
    await faults.getByLabel('What').focus();
    await page.keyboard.type('Kill a server');
    await faults.getByLabel('Server').focus();
    await page.keyboard.type(old);
    await press(new RegExp(`^Kill ${old}$`));
    await press(/^Close the faults$/);
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/topology`);
    await sees(`Let ${other} take over…`);
    expect(await banner().innerText()).toMatch(/WK1 blocked/);
  });

  test('lets the other one take over, with the reason that was typed', async () => {
    const act = new RegExp(`^Let ${other} take WK1 over$`);
    await press(new RegExp(`^Let ${other} take over…$`));
    await eventually('focus is on the heading of the plan', focused, act);
    await press(/^Continue to confirm$/);
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('its server has no power');
    await press(act);
    await sees(`WK1 now runs on ${other}`);
    await sees(/^Without an Active$/);
  });

  test('tells afterwards who asked for it, and why, also as the command that does the same', async () => {
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/commands`);
    await sees(`ixha failover WK1 --to ${other} --reason "its server has no power"`);
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/journal`);
    await sees(/asked for a failover of WK1: accepted, because: its server has no power/);
  });

  test('had no error in the page', () => {
    expect(errors).toEqual([]);
  });
});
