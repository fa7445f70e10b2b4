import { describe, expect, test } from 'vitest';
import { eventually, focused, patienceMs, press, seriousViolations, tabTo } from './console-page.ts';
import { bothProtected, demoConsole, endOfMove, moveAct, moveButton, moved } from './demo-console.ts';

/**
 * Goal: a cluster is switched over by somebody who has no mouse. Method: the built console with its demo site in
 * Chromium; from the first page on only Tab, Enter, arrow keys and letters are pressed.
 */
const demo = demoConsole();

/** The move is offered, and nothing refuses it any more. */
const offered = () => demo.page.getByRole('button', { name: moveButton, disabled: false }).waitFor();
const said = () => demo.page.getByRole('main').innerText();

describe.sequential('a switchover without a mouse', { timeout: 5 * patienceMs }, () => {
  test('is reached from the overview, and begins with what stands in the way', async () => {
    await bothProtected(demo);
    await press(demo.page, /^WK1/);
    await demo.page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
    await offered();
    await press(demo.page, moveButton);
    await eventually('focus is on the heading of the plan', () => focused(demo.page), moveAct);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is left by Escape with nothing changed, and begun anew', async () => {
    await demo.page.keyboard.press('Escape');
    await demo.page.getByRole('heading', { name: 'WK1', level: 1 }).waitFor();
    await offered();
    await press(demo.page, moveButton);
    await eventually('focus is on the heading of the plan', () => focused(demo.page), moveAct);
  });

  test('is confirmed with a reason that is typed, and done', async () => {
    const confirm = async () => {
      await press(demo.page, /^Continue to confirm$/);
      await tabTo(demo.page, /^Reason/);
      await demo.page.keyboard.type('no mouse at hand');
      await press(demo.page, moveAct);
    };
    await confirm();
    if (!(await endOfMove(demo)).includes('now runs on'))
      await moved(demo, async () => {
        await press(demo.page, moveButton);
        await confirm();
      });
    await eventually('it is done', said, /Done[^]*Longest wait of a sender/);
    expect(await seriousViolations(demo.page)).toEqual([]);
  });

  test('is verified line by line, and the line that one wants is opened', async () => {
    await press(demo.page, /^Show the verification$/);
    await eventually('it is verified', said, /of 18 lines hold|All 18 lines hold/);
    await press(demo.page, /^Epoch, generation$/);
    await demo.page.getByRole('region', { name: 'Epoch, generation' }).waitFor();
  });

  test('had no error in the page', () => {
    expect(demo.errors).toEqual([]);
  });
});
