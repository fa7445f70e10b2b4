import type { Page } from 'playwright';
import { goTo } from './console-page.ts';

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
export const stopStore: ChosenFault = { what: 'Stop the lease store', act: 'Stop the lease store' };
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
