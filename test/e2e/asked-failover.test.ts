import { describe, expect, test } from 'vitest';
import { activeOf, eventually, focused, goTo, patienceMs, press } from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';

/**
 * Goal: with automatic failover blocked a server dies, and a person lets the other one take over, by keyboard alone.
 * Method: the built console with its demo site in Chromium; the mouse is never used, and focus moves by Tab.
 */
const demo = demoConsole();
/** Where WK1 is Active when its server dies, and who then takes over. */
let old: string;
let other: string;

const banner = () => demo.page.getByRole('banner').first();

async function sees(what: string | RegExp, limitMs = 60_000): Promise<void> {
  await demo.page.getByText(what).first().waitFor({ timeout: limitMs });
}

describe.sequential('a failover that a person asks for, without a mouse', { timeout: 5 * patienceMs }, () => {
  test('blocks automatic failover of WK1 first', async () => {
    await bothProtected(demo);
    await press(demo.page, /^WK1/);
    await press(demo.page, /^Maintenance…$/);
    await demo.page.getByLabel('What').waitFor();
    await demo.page.getByLabel('What').focus();
    await demo.page.keyboard.press('ArrowDown');
    await press(demo.page, /^Continue to confirm$/);
    await demo.page.getByLabel('Reason').waitFor();
    await demo.page.keyboard.type('the power is worked on');
    await press(demo.page, /^Block automatic failover of WK1 until/);
    await eventually('the block is in force', () => banner().innerText(), /WK1 blocked/);
  });

  test('shows the server of its Active die and nobody take over', async () => {
    old = await activeOf(demo.page, 'WK1');
    other = old === 'ig-north' ? 'ig-south' : 'ig-north';
    await press(demo.page, /^Faults/);
    const faults = demo.page.getByRole('region', { name: 'Faults of the demo site' });
    await faults.getByLabel('What').focus();
    await demo.page.keyboard.type('Kill a server');
    await faults.getByLabel('Server').focus();
    await demo.page.keyboard.type(old);
    await press(demo.page, new RegExp(`^Kill ${old}$`));
    await press(demo.page, /^Close the faults$/);
    await goTo(demo.page, 'cluster/WK1/topology');
    await sees(`Let ${other} take over…`);
    expect(await banner().innerText()).toMatch(/WK1 blocked/);
  });

  test('lets the other one take over, with the reason that was typed', async () => {
    const act = new RegExp(`^Let ${other} take WK1 over$`);
    await press(demo.page, new RegExp(`^Let ${other} take over…$`));
    await eventually('focus is on the heading of the plan', () => focused(demo.page), act);
    await press(demo.page, /^Continue to confirm$/);
    await demo.page.getByLabel('Reason').waitFor();
    await demo.page.keyboard.type('its server has no power');
    await press(demo.page, act);
    await sees(`WK1 now runs on ${other}`);
    await sees(/^Without an Active$/);
  });

  test('tells afterwards who asked for it, and why, also as the command that does the same', async () => {
    await goTo(demo.page, 'cluster/WK1/commands');
    await sees(`ixha failover WK1 --to ${other} --reason "its server has no power"`);
    await goTo(demo.page, 'cluster/WK1/journal');
    await sees(/asked for a failover of WK1: accepted, because: its server has no power/);
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
