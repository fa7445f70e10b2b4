import type { ScreenState } from './screen-state.ts';

/** The past of a site, and that of a bundle. */
export const timelineStates: readonly ScreenState[] = [
  { name: 'timeline', fixture: 'healthy', hash: '#/timeline' },
  {
    name: 'timeline-picked',
    fixture: 'healthy',
    hash: '#/timeline',
    act: (page) => page.getByText('ig-witness granted epoch 48').click(),
  },
  {
    name: 'timeline-topology',
    fixture: 'healthy',
    hash: '#/timeline',
    act: async (page) => {
      await page.getByText('ig-witness granted epoch 48').click();
      await page.getByRole('button', { name: 'Topology of WK1 then' }).click();
      await page.getByText('Lease store').first().waitFor();
    },
  },
  {
    name: 'timeline-wrong-time',
    fixture: 'healthy',
    hash: '#/timeline',
    act: async (page) => {
      await page.getByRole('button', { name: 'Earlier' }).click();
      await page.getByLabel('Instant').fill('yesterday at noon');
      await page.getByRole('button', { name: 'Go', exact: true }).click();
    },
  },
  {
    name: 'timeline-difference',
    fixture: 'healthy',
    hash: '#/timeline',
    act: async (page) => {
      await page.getByText('ig-witness granted epoch 48').click();
      await page.getByRole('button', { name: 'Compare with another instant' }).click();
      const records = page.getByRole('region', { name: 'Records' });
      await records.evaluate((region) => (region.scrollTop = region.scrollHeight));
      const count = await records.getByRole('table').getAttribute('aria-rowcount');
      await records.locator(`[aria-rowindex="${count}"]`, { hasText: 'ig-north stays Active' }).click();
      await page.getByText('Before', { exact: true }).first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'timeline-bundle',
    fixture: 'healthy',
    hash: '#/timeline/bundle',
    act: async (page) => {
      await page.getByLabel('Bundle on this workstation').fill('/home/admin/ixha-support-clinic.tar.gz');
      await page.getByRole('button', { name: 'Open the bundle' }).click();
      await page.getByText('ig-witness granted epoch 48').click();
    },
  },
];
