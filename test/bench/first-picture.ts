import { launchChromium, startConsole } from '../e2e/console-run.ts';
import type { Measured } from './measured.ts';

const runs = 5;

/** From the start of the built console's process to its first picture, and to the first state of all agents. */
export async function measureStart(): Promise<readonly Measured[]> {
  const address: number[] = [];
  const picture: number[] = [];
  const agents: number[] = [];
  // The browser is started before: a person's browser or Electron's window is there already or starts beside.
  const browser = await launchChromium();
  for (let run = 0; run < runs; run += 1) {
    const beganAt = performance.now();
    const console = await startConsole();
    address.push(console.startedInMs);
    const page = await browser.newPage();
    await page.goto(console.address, { waitUntil: 'commit' });
    await page.locator('main, [role=status]').first().waitFor();
    picture.push(performance.now() - beganAt);
    await page.getByRole('table').first().getByText('Active').first().waitFor({ timeout: 60_000 });
    agents.push(performance.now() - beganAt);
    await page.close();
    await console.stop();
  }
  await browser.close();
  return [
    { title: 'start of the console to its printed address', times: address },
    { title: 'start of the console to the first picture', times: picture },
    { title: 'start of the console and its demo site to the first Active on screen', times: agents },
  ];
}
