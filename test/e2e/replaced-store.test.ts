import { describe, expect, test } from 'vitest';
import {
  activeOf,
  eventually,
  goTo,
  patienceMs,
  picture,
  press,
  seriousViolations,
  tabTo,
} from './console-page.ts';
import { bothProtected, demoConsole } from './demo-console.ts';
import { emptyStore, enterPeerMode, heal, inject, killServer } from './demo-faults.ts';

/**
 * Goal: a lease store that has lost its disk is replaced from the screen, with an Active running all the time, also when
 * the other server is gone as well. Method: the built console with its demo site in Chromium, both guides without mouse.
 */
const demo = demoConsole();
/** Where WK1 is Active, and the other server. */
let active: string;
let other: string;

const heading = () => demo.page.getByRole('heading', { level: 1 }).innerText();
const said = () => demo.page.getByRole('main').innerText();
const known = () => demo.page.getByRole('region', { name: 'What is known' }).innerText();

/** First it stops: without its records nothing would bring back what a busy machine has missed. */
async function loseStoreInPeerMode(): Promise<void> {
  await enterPeerMode(demo);
  active = await activeOf(demo.page, 'WK1');
  other = active === 'ig-north' ? 'ig-south' : 'ig-north';
  await inject(demo.page, emptyStore);
}

/** From the page of the cluster on, as far as what has to be confirmed. */
async function openGuide(cluster: string): Promise<void> {
  await goTo(demo.page, `cluster/${cluster}/topology`);
  await demo.page.getByRole('button', { name: 'Replace lease store…' }).waitFor();
  await press(demo.page, /^Replace lease store…$/);
  await eventually('the guide', heading, new RegExp(`^Replace the lease store of ${cluster}$`));
  await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).waitFor();
}

async function replace(cluster: string, reason: string): Promise<void> {
  await press(demo.page, /^Continue to confirm$/);
  await tabTo(demo.page, /^Reason/);
  await demo.page.keyboard.type(reason);
  await press(demo.page, new RegExp(`^Replace the lease store of ${cluster}$`));
  await eventually('it is replaced', heading, new RegExp(`^The lease store of ${cluster} is replaced$`));
}

async function nothingLost(): Promise<void> {
  await goTo(demo.page, '');
  const counters = demo.page.getByText(/\d+ lost, \d+ out of order/);
  await eventually('WK1', () => counters.first().innerText(), /\b0 lost, 0 out of order/);
  await eventually('WK2', () => counters.nth(1).innerText(), /\b0 lost, 0 out of order/);
}

describe.sequential('a lease store that has lost its disk', { timeout: 5 * patienceMs }, () => {
  test('is not replaced while it works, and that is said', async () => {
    await bothProtected(demo);
    await goTo(demo.page, 'cluster/WK1/replace-store');
    await eventually('nothing is to be done', said, /1 to clear|blocker/i);
    expect(
      await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).count(),
    ).toBe(0);
  });

  test('is seen as empty by both members, while each Active serves on', async () => {
    await loseStoreInPeerMode();
    await openGuide('WK1');
    for (const server of [active, other])
      await eventually(
        server,
        known,
        new RegExp(`Lease store, seen by ${server}\\s[^]*?runs, and has no record`),
      );
    await picture(demo.page, 'store-plan');
    expect(await seriousViolations(demo.page)).toEqual([]);
    expect(await activeOf(demo.page, 'WK1')).toBe(active);
  });

  test('is replaced with a reason, step by step as members and store tell', async () => {
    await openGuide('WK1');
    await replace('WK1', 'its disk died');
    await eventually(
      'each step',
      said,
      new RegExp(`${other} belongs to the new store[^]*${active} has its lease from it`),
    );
    await eventually('what is true now', said, /Automatic failover works again/);
    await picture(demo.page, 'store-replaced');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is replaced for the other cluster as well, and protects as before', async () => {
    await openGuide('WK2');
    await replace('WK2', 'its disk died');
    await bothProtected(demo);
    await nothingLost();
    expect(await activeOf(demo.page, 'WK1')).toBe(active);
  });
});

describe.sequential('a lost lease store whose other member is gone', { timeout: 5 * patienceMs }, () => {
  test('is replaced at a person’s word, and the Active goes on', async () => {
    await loseStoreInPeerMode();
    await inject(demo.page, killServer(other));
    await goTo(demo.page, 'cluster/WK1/replace-store');
    await eventually('nobody hears it', known, new RegExp(`seen by ${other}\\s[^]*?when it was last heard`));
    await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).waitFor();
    await press(demo.page, /^Continue to confirm$/);
    await eventually('the danger', said, /Two engines are possible/);
    await tabTo(demo.page, new RegExp(`^I state that ${other} is`));
    await demo.page.keyboard.press('ArrowDown');
    await tabTo(demo.page, /^Type the name/);
    await demo.page.keyboard.type('WK1');
    await tabTo(demo.page, /^Reason/);
    await demo.page.keyboard.type('both burned');
    await picture(demo.page, 'store-alone-confirm');
    expect(await seriousViolations(demo.page)).toEqual([]);
    await press(demo.page, /^Replace the lease store of WK1$/);
    await eventually('it is replaced', heading, /^The lease store of WK1 is replaced$/);
    await eventually(
      'and the fence stays',
      said,
      new RegExp(`${other} must stay fenced until it is re-admitted`),
    );
    await picture(demo.page, 'store-alone-done');
    expect(await activeOf(demo.page, 'WK1')).toBe(active);
  });

  test('keeps the other one out when it returns, until it belongs to the new store and is re-admitted', async () => {
    await heal(demo.page);
    await goTo(demo.page, `cluster/WK1/readmit/${other}`);
    await eventually('it belongs to the lost store', said, /ask for its replacement once more/i);
    await picture(demo.page, 'readmission-blocked');
    expect(await seriousViolations(demo.page)).toEqual([]);
    await openGuide('WK1');
    await replace('WK1', 'it follows');
    await goTo(demo.page, `cluster/WK1/readmit/${other}`);
    await tabTo(demo.page, /^Reason/);
    await demo.page.keyboard.type('rebuilt');
    await demo.page.getByRole('button', { name: `Re-admit ${other} to WK1`, disabled: false }).waitFor();
    await press(demo.page, new RegExp(`^Re-admit ${other} to WK1$`));
    await eventually('it is in again', heading, new RegExp(`^${other} takes part in WK1 again$`));
    await openGuide('WK2');
    await replace('WK2', 'its disk died');
    await bothProtected(demo);
    await nothingLost();
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
