import type { Page } from 'playwright';
import { eventually, goTo } from './console-page.ts';
import { bothProtected, bothServed, type DemoConsole } from './demo-console.ts';

/** A fault of the demo site as its panel offers it: what, where, and the act on the button. */
export interface ChosenFault {
  readonly what: string;
  readonly server?: string;
  readonly act: string;
}

export const killServer = (server: string): ChosenFault => ({
  what: 'Kill a server',
  server,
  act: `Kill ${server}`,
});
const stopStore: ChosenFault = { what: 'Stop the lease store', act: 'Stop the lease store' };
export const emptyStore: ChosenFault = {
  what: 'Lose the disk of the lease store',
  act: 'Empty the disk of the lease store',
};

/** Breaks something as a person does, and closes the panel as soon as it is done. */
export async function inject(page: Page, { what, server, act }: ChosenFault): Promise<void> {
  const faults = await openFaults(page);
  await faults.getByLabel('What').selectOption({ label: what });
  if (server !== undefined) await faults.getByLabel('Server').selectOption(server);
  await faults.getByRole('button', { name: act, exact: true }).click();
  await faults.getByRole('button', { name: act, exact: true, disabled: false }).waitFor();
  await page.getByRole('button', { name: 'Close the faults' }).click();
}

/**
 * Stops the lease store and waits until both clusters live on promises. On a busy machine one may miss the moment for that:
 * then all is healed and it is done again, up to twice. Who is Active where may have changed then.
 */
export async function enterPeerMode(demo: DemoConsole): Promise<void> {
  const banner = () => demo.page.getByRole('banner').first().innerText();
  for (let attempt = 1; ; attempt += 1) {
    await bothServed(demo.page);
    await bothProtected(demo);
    await inject(demo.page, stopStore);
    try {
      await eventually('both live on promises', banner, /WK1 peer mode[^]*WK2 peer mode/, 20_000);
      return;
    } catch (late) {
      if (attempt === 3) throw late;
      await heal(demo.page);
    }
  }
}

/** Links carry again, what was killed boots. */
export async function heal(page: Page): Promise<void> {
  const faults = await openFaults(page);
  await faults.getByRole('button', { name: 'Heal all, boot what was killed' }).click();
  await faults.getByText('No fault. The demo runs as a healthy site.').waitFor();
  await page.getByRole('button', { name: 'Close the faults' }).click();
}

/** From the Overview: guided work has no place for the button. */
async function openFaults(page: Page) {
  await goTo(page, '');
  await page.getByRole('button', { name: /^Faults(?:…|: \d+ in force)$/ }).click();
  return page.getByRole('region', { name: 'Faults of the demo site' });
}
