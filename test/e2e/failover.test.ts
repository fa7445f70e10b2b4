import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import {
  eventually,
  focused,
  goTo,
  patienceMs,
  picture as pictureOf,
  seriousViolations,
} from './console-page.ts';
import { bothProtected, demoConsole, moved } from './demo-console.ts';

/**
 * Goal: an administrator sees a server die, its clusters move without loss, and switches back from the screen.
 * Method: the built console with its demo site (real agents, guards, lease store), driven in Chromium.
 */
const demo = demoConsole();

const matrix = () => demo.page.getByRole('table').filter({ hasText: 'ig-witness' }).first();
/** The row of a server in the servers × clusters matrix: cells are server, WK1, WK2 … */
const cell = (server: string, cluster: 'WK1' | 'WK2'): Locator =>
  matrix()
    .getByRole('row')
    .filter({ hasText: server })
    .getByRole('cell')
    .nth(cluster === 'WK1' ? 0 : 1);

async function roleIs(server: string, cluster: 'WK1' | 'WK2', role: RegExp): Promise<void> {
  await eventually(`${cluster} on ${server}`, () => cell(server, cluster).innerText(), role);
}

const epochOf = async (server: string, cluster: 'WK1' | 'WK2') =>
  /epoch \d+/.exec(await cell(server, cluster).innerText())?.[0];

const heading = () => demo.page.getByRole('heading', { level: 1 }).innerText();
const banner = () => demo.page.getByRole('banner').first().innerText();

const picture = (name: string) => pictureOf(demo.page, name);

/** The traffic line of a cluster's card on the Overview. */
async function countersOf(cluster: string): Promise<string> {
  return demo.page
    .getByText(/\d+ lost, \d+ out of order/)
    .nth(cluster === 'WK1' ? 0 : 1)
    .innerText();
}

describe.sequential('the console with its demo site', { timeout: 5 * patienceMs }, () => {
  test('shows both clusters crossed over two servers', async () => {
    await roleIs('ig-north', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    await roleIs('ig-north', 'WK2', /Passive/);
    await roleIs('ig-south', 'WK1', /Passive/);
    await eventually('the page says so', heading, /can fail over now/);
    await picture('overview');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('shows the server die, WK1 move and WK2 stay, with nothing lost', async () => {
    const before = await epochOf('ig-south', 'WK2');
    expect(before).toMatch(/^epoch \d+$/);
    await demo.page.getByRole('button', { name: 'Faults…' }).click();
    const faults = demo.page.getByRole('region', { name: 'Faults of the demo site' });
    await faults.getByLabel('What').selectOption('kill-server');
    await faults.getByLabel('Server').selectOption('ig-north');
    await demo.page.getByRole('button', { name: 'Kill ig-north' }).click();
    await roleIs('ig-north', 'WK1', /Unknown/);
    await picture('server-dead');
    await roleIs('ig-south', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    await eventually('messages flow again', () => countersOf('WK1'), /0 lost, 0 out of order/);
    await eventually('none of WK2 is missed', () => countersOf('WK2'), /0 lost, 0 out of order/);
    expect(await epochOf('ig-south', 'WK2')).toBe(before);
    await eventually('nobody is left to take over', banner, /WK1 not protected[^]*WK2 not protected/);
    const said = (words: string) => demo.page.getByText(words, { exact: true }).count();
    await eventually(
      'every place says so',
      async () => `${await said('Cannot fail over')} ${await said('nobody to take over')}`,
      /^2 2$/,
    );
    expect(await demo.page.getByRole('main').innerText()).toContain('Automatic takeover:');
    await picture('taken-over');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('takes the server back as Passive once it is healed', async () => {
    await demo.page.getByRole('button', { name: 'Heal all, boot what was killed' }).click();
    await roleIs('ig-north', 'WK1', /Passive/);
    await demo.page.getByRole('button', { name: 'Close the faults' }).click();
    await eventually('it is ready again', heading, /can fail over now/);
  });

  test('moves WK1 back from the screen, by keyboard alone', async () => {
    const moveBack = async () => {
      await demo.page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
      await picture('topology');
      await demo.page.getByRole('button', { name: 'Back to ig-north…', disabled: false }).first().focus();
      await demo.page.keyboard.press('Enter');
      await eventually('focus is on the heading', () => focused(demo.page), /^Move WK1 back to ig-north$/);
      // For a heartbeat after a reboot the Active still repeats what kept its peer from taking over.
      await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).focus();
      await demo.page.keyboard.press('Enter');
      await demo.page.getByLabel('Reason').waitFor();
      await demo.page.keyboard.type('back to its preferred server');
      await picture('confirm');
      await demo.page.getByRole('button', { name: 'Move WK1 back to ig-north', disabled: false }).focus();
      await demo.page.keyboard.press('Enter');
    };
    await moved(demo, moveBack);
    await demo.page.getByText('Done', { exact: true }).first().waitFor();
    const waited = demo.page.getByText('Longest wait of a sender').locator('..');
    expect(Number(/([\d.]+)\s*s/.exec(await waited.innerText())?.[1])).toBeGreaterThan(0);
    await picture('switched-back');
    expect(await seriousViolations(demo.page)).toEqual([]);
    await demo.page.getByRole('link', { name: 'Overview' }).click();
    await roleIs('ig-north', 'WK1', /Active/);
    await roleIs('ig-south', 'WK2', /Active/);
    await eventually('none of WK1 is missed', () => countersOf('WK1'), /0 lost, 0 out of order/);
  });

  test('holds WK1 still for a while and lets it go again, by keyboard alone', async () => {
    const enter = async (name: string | RegExp) => {
      await demo.page.getByRole('button', { name, disabled: false }).first().focus();
      await demo.page.keyboard.press('Enter');
    };
    await goTo(demo.page, 'cluster/WK1/topology');
    await enter('Maintenance…');
    await enter('Continue to confirm');
    await demo.page.getByLabel('Reason').waitFor();
    await demo.page.keyboard.type('kernel patch');
    await enter(/^Begin maintenance of WK1 until/);
    await demo.page.getByRole('heading', { name: 'WK1 is in maintenance', level: 1 }).waitFor();
    await demo.page.getByText('2 of 2', { exact: true }).waitFor();
    await picture('maintenance');
    expect(await banner()).toMatch(/WK1 maintenance[^]*WK2 on/);
    expect(await seriousViolations(demo.page)).toEqual([]);
    await enter('End maintenance…');
    await enter('Continue to confirm');
    await demo.page.getByLabel('Reason').waitFor();
    await demo.page.keyboard.type('patched');
    await enter('End maintenance of WK1');
    await demo.page.getByRole('heading', { name: 'Maintenance of WK1 has ended', level: 1 }).waitFor();
    await bothProtected(demo);
    await demo.page.getByRole('button', { name: 'Show the journal' }).click();
    await demo.page.getByText('patched').first().waitFor();
  });

  test('tells in the journal what was seen, decided and done', async () => {
    await goTo(demo.page, 'cluster/WK1/journal');
    await demo.page.getByText('has run out without a renewal').first().waitFor();
    await demo.page.getByText('back to its preferred server').first().waitFor();
    await picture('journal');
  });

  test('had no error in the page and asked nobody but its own host', () => {
    expect(demo.errors).toEqual([]);
  });
});
