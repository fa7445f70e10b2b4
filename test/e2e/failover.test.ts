import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole, startConsole, type ConsoleRun } from './console-run.ts';

/**
 * Goal: an administrator sees a server die, its clusters move without loss, and switches back from the screen.
 * Method: the built console with its demo site (real agents, guards, lease store), driven in Chromium.
 */
const pictures = process.env['IXHA_PICTURES'];
let run: ConsoleRun;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  run = await startConsole();
  ({ browser, page, errors } = await openConsole(run.address));
});
afterAll(async () => {
  await browser?.close();
  await run?.stop();
});

const matrix = () => page.getByRole('table').filter({ hasText: 'ig-witness' }).first();
/** The row of a server in the servers × clusters matrix: cells are server, WK1, WK2 … */
const cell = (server: string, cluster: 'WK1' | 'WK2'): Locator =>
  matrix()
    .getByRole('row')
    .filter({ hasText: server })
    .getByRole('cell')
    .nth(cluster === 'WK1' ? 0 : 1);

async function eventually(what: string, check: () => Promise<void>, limitMs = 30_000): Promise<void> {
  await expect
    .poll(
      async () =>
        check().then(
          () => 'yes',
          (error: Error) => `${what}: ${error.message}`,
        ),
      { timeout: limitMs, interval: 100 },
    )
    .toBe('yes');
}

async function roleIs(server: string, cluster: 'WK1' | 'WK2', role: RegExp, limitMs?: number) {
  await eventually(
    `${cluster} on ${server} is ${role}`,
    async () => expect(await cell(server, cluster).innerText()).toMatch(role),
    limitMs,
  );
}

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Words of the element that has the focus. */
const focused = () => page.evaluate(() => document.activeElement?.textContent);

async function seriousViolations(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** The traffic line of a cluster's card on the Overview. */
async function countersOf(cluster: string): Promise<string> {
  return page
    .getByText(/\d+ lost, \d+ out of order/)
    .nth(cluster === 'WK1' ? 0 : 1)
    .innerText();
}

describe.sequential('the console with its demo site', () => {
  test('shows both clusters crossed over two servers', async () => {
    await roleIs('ig-north', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    await roleIs('ig-north', 'WK2', /Passive/);
    await roleIs('ig-south', 'WK1', /Passive/);
    await eventually('the page says so', async () =>
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('can fail over now'),
    );
    await picture('overview');
    expect(await seriousViolations()).toEqual([]);
  });

  test('shows the server die, WK1 move and WK2 stay, with nothing lost', async () => {
    await page.getByRole('button', { name: 'Faults…' }).click();
    const faults = page.getByRole('region', { name: 'Faults of the demo site' });
    await faults.getByLabel('What').selectOption('kill-server');
    await faults.getByLabel('Server').selectOption('ig-north');
    await page.getByRole('button', { name: 'Kill ig-north' }).click();
    await roleIs('ig-north', 'WK1', /Unknown/);
    await picture('server-dead');
    await roleIs('ig-south', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    await eventually('messages flow again', async () =>
      expect(await countersOf('WK1')).toContain('0 lost, 0 out of order'),
    );
    expect(await countersOf('WK2')).toContain('0 lost, 0 out of order');
    expect(await cell('ig-south', 'WK2').innerText()).toContain('epoch 1');
    await eventually('nobody is left to take over, and every place says so', async () => {
      expect(await page.getByRole('banner').first().innerText()).toMatch(
        /WK1 not protected[^]*WK2 not protected/,
      );
      expect(await page.getByText('Cannot fail over', { exact: true }).count()).toBe(2);
      expect(await page.getByText('nobody to take over', { exact: true }).count()).toBe(2);
      expect(await page.getByRole('main').innerText()).toContain('Automatic takeover:');
    });
    await picture('taken-over');
    expect(await seriousViolations()).toEqual([]);
  });

  test('takes the server back as Passive once it is healed', async () => {
    await page.getByRole('button', { name: 'Heal all, boot what was killed' }).click();
    await roleIs('ig-north', 'WK1', /Passive/);
    await page.getByRole('button', { name: 'Close the faults' }).click();
    await eventually('it is ready again', async () =>
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('can fail over now'),
    );
  });

  test('moves WK1 back from the screen, by keyboard alone', async () => {
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/topology`);
    await page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
    await picture('topology');
    await page.getByRole('button', { name: 'Back to ig-north…', disabled: false }).first().focus();
    await page.keyboard.press('Enter');
    await eventually('focus is on the heading of the plan', async () =>
      expect(await focused()).toBe('Move WK1 back to ig-north'),
    );
    // For a heartbeat after a reboot the Active still repeats what kept its peer from taking over.
    await page.getByRole('button', { name: 'Continue to confirm', disabled: false }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('back to its preferred server');
    await picture('confirm');
    await page.getByRole('button', { name: 'Move WK1 back to ig-north', disabled: false }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 30_000 });
    const waited = page.getByText('Longest wait of a sender').locator('..');
    expect(Number(/([\d.]+)\s*s/.exec(await waited.innerText())?.[1])).toBeLessThan(8);
    await picture('switched-back');
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Overview' }).click();
    await roleIs('ig-north', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    expect(await countersOf('WK1')).toContain('0 lost, 0 out of order');
  });

  test('holds WK1 still for a while and lets it go again, by keyboard alone', async () => {
    const enter = async (name: string | RegExp) => {
      await page.getByRole('button', { name, disabled: false }).first().focus();
      await page.keyboard.press('Enter');
    };
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/topology`);
    await enter('Maintenance…');
    await enter('Continue to confirm');
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('kernel patch');
    await enter(/^Begin maintenance of WK1 until/);
    await page.getByRole('heading', { name: 'WK1 is in maintenance', level: 1 }).waitFor();
    await page.getByText('2 of 2', { exact: true }).waitFor();
    await picture('maintenance');
    expect(await page.getByRole('banner').first().innerText()).toMatch(/WK1 maintenance[^]*WK2 on/);
    expect(await seriousViolations()).toEqual([]);
    await enter('End maintenance…');
    await enter('Continue to confirm');
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('patched');
    await enter('End maintenance of WK1');
    await page.getByRole('heading', { name: 'Maintenance of WK1 has ended', level: 1 }).waitFor();
    await eventually('WK1 is protected again', async () =>
      expect(await page.getByRole('banner').first().innerText()).toMatch(/WK1 on[^]*WK2 on/),
    );
    await page.getByRole('button', { name: 'Show the journal' }).click();
    await page.getByText('patched').first().waitFor();
  });

  test('tells in the journal what was seen, decided and done', async () => {
    await page.goto(`${new URL(run.address).origin}/#/cluster/WK1/journal`);
    await page.getByText('has run out without a renewal').first().waitFor();
    await page.getByText('back to its preferred server').first().waitFor();
    await picture('journal');
  });

  test('had no error in the page and asked nobody but its own host', () => {
    expect(errors).toEqual([]);
  });
});
