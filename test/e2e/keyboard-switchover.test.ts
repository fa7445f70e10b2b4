import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, focused, press, seriousViolations, tabTo } from './console-page.ts';
import { openConsole, startConsole, type ConsoleRun } from './console-run.ts';

/**
 * Goal: a cluster is switched over by somebody who has no mouse. Method: the built console with its demo site in
 * Chromium; from the first page on only Tab, Enter, arrow keys and letters are pressed.
 */
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

/** On a busy machine the other server may have come first: then the move is one back. */
const moveButton = /^(?:Switch over|Back to ig-north)…$/;
const act = /^(?:Switch WK1 over to ig-south|Move WK1 back to ig-north)$/;
/** The move is offered, and nothing refuses it any more. */
const offered = () => page.getByRole('button', { name: moveButton, disabled: false }).waitFor();
const said = () => page.getByRole('main').innerText();
const banner = () => page.getByRole('banner').first().innerText();

describe.sequential('a switchover without a mouse', () => {
  test('is reached from the overview, and begins with what stands in the way', async () => {
    await eventually('both clusters are protected', banner, /WK1 on[^]*WK2 on/);
    await press(page, /^WK1/);
    await page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
    await offered();
    await press(page, moveButton);
    await eventually('focus is on the heading of the plan', () => focused(page), act);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('is left by Escape with nothing changed, and begun anew', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
    await offered();
    await press(page, moveButton);
    await eventually('focus is on the heading of the plan', () => focused(page), act);
  });

  test('is confirmed with a reason that is typed, and done', async () => {
    await press(page, /^Continue to confirm$/);
    await tabTo(page, /^Reason/);
    await page.keyboard.type('no mouse at hand');
    await press(page, act);
    await eventually('it is done', said, /Done[^]*Longest wait of a sender/);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('is verified line by line, and the line that one wants is opened', async () => {
    await press(page, /^Show the verification$/);
    await eventually('it is verified', said, /of 18 lines hold|All 18 lines hold/);
    await press(page, /^Epoch, generation$/);
    await page.getByRole('region', { name: 'Epoch, generation' }).waitFor();
  });

  test('had no error in the page', () => {
    expect(errors).toEqual([]);
  });
});
