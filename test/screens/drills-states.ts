import type { ScreenState } from './screen-state.ts';

/** The page of drills, before, while and after one is made. */
export const drillsStates: readonly ScreenState[] = [
  { name: 'drills', fixture: 'healthy', drills: 'none', hash: '#/drills' },
  {
    name: 'drills-plan',
    fixture: 'healthy',
    drills: 'unmeasured',
    hash: '#/drills',
    act: async (page) => {
      await page.getByRole('button', { name: 'Change the plan' }).click();
      await page.getByLabel('Days between two').fill('0');
    },
  },
  { name: 'drills-young', fixture: 'healthy', drills: 'young', hash: '#/drills' },
  {
    name: 'drills-level-2',
    fixture: 'healthy',
    hash: '#/drills',
    act: async (page) => {
      await page.getByRole('radio', { name: /Switchover and back/ }).check();
      await page.getByLabel('Reason').fill('quarterly drill');
    },
  },
  { name: 'drills-blocked', fixture: 'dead-server', hash: '#/drills' },
  { name: 'drills-waiting', fixture: 'request-of-another', drills: 'waiting', hash: '#/drills' },
  { name: 'drills-cutting', fixture: 'healthy', drills: 'cutting', hash: '#/drills' },
  { name: 'drills-cutting-unknown', fixture: 'healthy', drills: 'cuttingUnknown', hash: '#/drills' },
  {
    name: 'drills-power-off',
    fixture: 'healthy',
    hash: '#/drills',
    act: (page) => page.getByRole('radio', { name: /Power cut by a person/ }).check(),
  },
  { name: 'drills-power-off-now', fixture: 'healthy', drills: 'powerOff', hash: '#/drills' },
  { name: 'drills-power-off-late', fixture: 'healthy', drills: 'powerOffLate', hash: '#/drills' },
  { name: 'drills-power-on', fixture: 'healthy', drills: 'powerOn', hash: '#/drills' },
  { name: 'drills-running', fixture: 'healthy', drills: 'running', hash: '#/drills' },
  {
    name: 'drills-result',
    fixture: 'healthy',
    hash: '#/drills',
    act: (page) =>
      page
        .getByRole('button', { name: /Switchover and back.*Passed/ })
        .first()
        .click(),
  },
];
