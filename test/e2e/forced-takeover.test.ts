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
import { enterPeerMode, heal, inject, killServer } from './demo-faults.ts';

/**
 * Goal: when lease store and Active are lost, a person lets the other server take over at their own word, and lets the
 * old one in again once it is back. Method: the built console with its demo site in Chromium; both guides without mouse.
 */
const demo = demoConsole();
/** Where WK1 is Active when its server loses power, and who is forced then. */
let old: string;
let other: string;

const heading = () => demo.page.getByRole('heading', { level: 1 }).innerText();
const continues = () =>
  demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).count();
const said = () => demo.page.getByRole('main').innerText();

describe.sequential('a forced takeover', { timeout: 5 * patienceMs }, () => {
  test('is not offered while the Active serves, even without the lease store', async () => {
    await enterPeerMode(demo);
    old = await activeOf(demo.page, 'WK1');
    other = old === 'ig-north' ? 'ig-south' : 'ig-north';
    await goTo(demo.page, `cluster/WK1/force-takeover/${other}`);
    await eventually(
      'the one that serves is named',
      said,
      new RegExp(`${old} answers[^]*Ask for a switchover`),
    );
    expect(await continues()).toBe(0);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is offered once the server of the Active has no power, and nobody takes over by itself', async () => {
    await inject(demo.page, killServer(old));
    await goTo(demo.page, 'cluster/WK1/topology');
    await demo.page.getByRole('button', { name: `Force ${other}…`, disabled: false }).waitFor();
    await picture(demo.page, 'force-offered');
    expect(await seriousViolations(demo.page)).toEqual([]);
    await press(demo.page, new RegExp(`^Force ${other}…$`));
    await eventually('the guide', heading, new RegExp(`^Force ${other} to take WK1 over$`));
  });

  test('shows what is known and what is not before anything can be asked', async () => {
    const known = demo.page.getByRole('region', { name: 'What is known' });
    for (const fact of [
      `${old}, heard by ${other}`,
      `${old}, heard by this console[^]*does not answer`,
      `Lease store, heard by ${other}`,
      `Lease\\s[^]*last holder ${old}; whether it is live is not known`,
      `Promise[^]*${other} has promised ${old} not to take over`,
    ]) {
      await eventually(fact, () => known.innerText(), new RegExp(fact));
    }
    await demo.page.getByRole('button', { name: 'Continue to confirm', disabled: false }).waitFor();
    await picture(demo.page, 'force-plan');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('asks for a statement, the name of the cluster and a reason, one after the other', async () => {
    await press(demo.page, /^Continue to confirm$/);
    await eventually(
      'the danger',
      said,
      /Two engines are possible[^]*Nothing in this product can prevent that/,
    );
    await eventually('the statement first', said, /say what you have made sure of first/);
    await tabTo(demo.page, new RegExp(`^I state that ${old} is`));
    await demo.page.keyboard.press('ArrowDown');
    await eventually('then the name', said, /type WK1 first/);
    await tabTo(demo.page, /^Type the name/);
    await demo.page.keyboard.type('WK1');
    await eventually('then the reason', said, /write the reason first/);
    await tabTo(demo.page, /^Reason/);
    await demo.page.keyboard.type('the rack has no power');
    await picture(demo.page, 'force-confirm');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is done, as its steps and the traffic say', async () => {
    await press(demo.page, new RegExp(`^Force ${other} to take WK1 over$`));
    await eventually('it is done', heading, new RegExp(`^WK1 now runs on ${other}$`));
    await eventually('and why', said, /Reason: the rack has no power/);
    await picture(demo.page, 'force-done');
    expect(await seriousViolations(demo.page)).toEqual([]);
    expect(await activeOf(demo.page, 'WK1')).toBe(other);
  });

  test('is told in the journal with the statement, and as the command that does the same', async () => {
    await goTo(demo.page, 'cluster/WK1/journal');
    await eventually('who, what and why', said, /states that[^]*is powered off/);
    await goTo(demo.page, 'cluster/WK1/commands');
    await eventually(
      'the command',
      said,
      new RegExp(`ixha force-takeover WK1 --to ${other} --fence [^]*the rack has no power`),
    );
  });
});

describe.sequential('the old Active that returns', { timeout: 5 * patienceMs }, () => {
  test('takes no part by itself, and says what it waits for', async () => {
    await heal(demo.page);
    await goTo(demo.page, 'cluster/WK1/topology');
    await demo.page.getByRole('button', { name: `Re-admit ${old}…` }).waitFor();
    // The store that is behind hears of the takeover by itself: nothing of it is to be replaced, but for the moment in
    // which one member has its lease from it and the other has not asked again yet.
    const offered = () => demo.page.getByRole('button', { name: /^Replace lease store/ }).count();
    await expect.poll(offered, { timeout: patienceMs }).toBe(0);
    await picture(demo.page, 'readmission-offered');
    await press(demo.page, new RegExp(`^Re-admit ${old}…$`));
    await eventually('the guide', heading, new RegExp(`^Re-admit ${old} to WK1$`));
  });

  test('is compared with the one that serves, and let in by a person with a reason', async () => {
    const differs = demo.page.getByRole('region', { name: 'What differs' });
    await eventually('epochs', () => differs.innerText(), /Epoch[^]*It is \d+ behind/);
    await eventually('what becomes of it', said, /Until a person re-admits it[^]*never takes over/);
    await tabTo(demo.page, /^Reason/);
    await demo.page.keyboard.type('power is back, disks checked');
    const act = `Re-admit ${old} to WK1`;
    // The lease store has to know of the takeover first.
    await demo.page.getByRole('button', { name: act, disabled: false }).waitFor();
    await picture(demo.page, 'readmission');
    expect(await seriousViolations(demo.page)).toEqual([]);
    await press(demo.page, new RegExp(`^${act}$`));
    await eventually('it is in again', heading, new RegExp(`^${old} takes part in WK1 again$`));
    await picture(demo.page, 'readmitted');
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('leaves both clusters protected, with nothing lost', async () => {
    await goTo(demo.page, '');
    await bothProtected(demo);
    const counters = demo.page.getByText(/\d+ lost, \d+ out of order/);
    await eventually('WK1', () => counters.first().innerText(), /\b0 lost, 0 out of order/);
    await eventually('WK2', () => counters.nth(1).innerText(), /\b0 lost, 0 out of order/);
    expect(await activeOf(demo.page, 'WK1')).toBe(other);
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
