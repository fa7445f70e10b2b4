import type { Page } from 'playwright';
import { drillsStates } from './drills-states.ts';
import type { ScreenState } from './screen-state.ts';
import { setupStates } from './setup-states.ts';
import { timelineStates } from './timeline-states.ts';
import { verificationStates } from './verification-states.ts';

export const screenStates: readonly ScreenState[] = [
  { name: 'overview', fixture: 'healthy', hash: '#/' },
  { name: 'overview-dead-server', fixture: 'dead-server', hash: '#/' },
  { name: 'overview-lost-link', fixture: 'lost-link', hash: '#/' },
  { name: 'overview-no-active', fixture: 'no-active', hash: '#/' },
  { name: 'overview-reminders', fixture: 'reminded', hash: '#/' },
  { name: 'workstations', fixture: 'healthy', hash: '#/workstations' },
  { name: 'help', fixture: 'healthy', hash: '#/help/peer-silent' },
  { name: 'help-error', fixture: 'healthy', hash: '#/help/site.newer' },
  { name: 'overview-acknowledged', fixture: 'acknowledged', hash: '#/' },
  {
    name: 'overview-acknowledging',
    fixture: 'to-acknowledge',
    hash: '#/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Acknowledge…' }).first().click();
      await page.getByLabel('Comment').fill('the network team works on it');
    },
  },
  {
    name: 'glossary',
    fixture: 'healthy',
    hash: '#/cluster/WK1/topology',
    act: (page) => page.getByText('Automatic failover', { exact: true }).first().hover(),
  },
  { name: 'notifications', fixture: 'telling', hash: '#/notifications' },
  { name: 'notifications-none', fixture: 'healthy', notifications: 'none', hash: '#/notifications' },
  {
    name: 'notifications-tested',
    fixture: 'telling',
    notifications: 'tested',
    hash: '#/notifications',
    act: async (page) => {
      await page.getByRole('button', { name: 'Give secrets…' }).last().click();
      await page.getByLabel('Password of the user').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'notifications-change',
    fixture: 'telling',
    servers: 'targetsPlan',
    hash: '#/notifications',
    act: async (page) => {
      await page.getByRole('button', { name: 'Change targets…' }).click();
      await page.getByRole('button', { name: 'Add a webhook' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'notifications-conflict',
    fixture: 'telling',
    servers: 'targetsNewer',
    hash: '#/notifications',
    act: (page) => page.getByText('site.newer').scrollIntoViewIfNeeded(),
  },
  { name: 'recovery-kit', fixture: 'healthy', hash: '#/recovery-kit' },
  { name: 'advisor-empty', fixture: 'healthy', hash: '#/advisor' },
  { name: 'advisor', fixture: 'healthy', advisor: 'decided', hash: '#/advisor' },
  { name: 'advisor-bad', fixture: 'healthy', advisor: 'bad', hash: '#/advisor' },
  { name: 'decision-record', fixture: 'healthy', advisor: 'decided', hash: '#/advisor/record' },
  { name: 'clusters', fixture: 'healthy', hash: '#/clusters' },
  { name: 'servers', fixture: 'healthy', hash: '#/servers' },
  { name: 'servers-newer', fixture: 'healthy', servers: 'newer', hash: '#/servers' },
  { name: 'servers-viewer', fixture: 'healthy', servers: 'viewer', hash: '#/servers' },
  { name: 'servers-dead', fixture: 'dead-server', servers: 'demo', hash: '#/servers' },
  { name: 'servers-upgrading', fixture: 'healthy', servers: 'upgrading', hash: '#/servers' },
  { name: 'servers-compared', fixture: 'healthy', servers: 'compared', hash: '#/servers' },
  { name: 'servers-failed', fixture: 'healthy', servers: 'failed', hash: '#/servers' },
  { name: 'servers-observed', fixture: 'observing', servers: 'signedIn', hash: '#/servers' },
  { name: 'servers-arm-plan', fixture: 'observing', servers: 'armPlan', hash: '#/servers' },
  { name: 'servers-arming', fixture: 'observing', servers: 'arming', hash: '#/servers' },
  { name: 'servers-move-stopped', fixture: 'healthy', servers: 'moveStopped', hash: '#/servers' },
  {
    name: 'servers-remove',
    fixture: 'healthy',
    servers: 'signedIn',
    hash: '#/servers',
    act: (page) => page.getByText('Remove', { exact: true }).click(),
  },
  { name: 'servers-pulled', fixture: 'healthy', servers: 'pulled', hash: '#/servers' },
  { name: 'servers-configuration', fixture: 'healthy', servers: 'configurationDiffers', hash: '#/servers' },
  {
    name: 'servers-revoke',
    fixture: 'healthy',
    servers: 'signedIn',
    hash: '#/servers',
    act: (page) => page.getByText('Revoke', { exact: true }).click(),
  },
  {
    name: 'servers-logs',
    fixture: 'healthy',
    servers: 'signedIn',
    hash: '#/servers',
    act: async (page) => {
      await page.getByRole('button', { name: 'Read the hardening' }).click();
      await page.getByRole('button', { name: 'Read the logs' }).click();
      await page.getByRole('list', { name: /^Log of/ }).scrollIntoViewIfNeeded();
    },
  },
  ...verificationStates,
  { name: 'readiness', fixture: 'healthy', hash: '#/readiness' },
  {
    name: 'readiness-answer',
    fixture: 'healthy',
    hash: '#/readiness',
    act: async (page) => {
      await page
        .getByRole('button', { name: /Contacts and escalation/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Answer anew' }).click();
    },
  },
  {
    name: 'readiness-compare',
    fixture: 'healthy',
    hash: '#/readiness',
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare two runs' }).click();
      await page.getByRole('button', { name: 'Export' }).click();
    },
  },
  { name: 'readiness-dead', fixture: 'dead-server', readiness: 'dead-server', hash: '#/readiness' },
  { name: 'return', fixture: 'healthy', hash: '#/cluster/WK1/readmit/ig-south' },
  { name: 'schedule', fixture: 'healthy', hash: '#/cluster/WK1/schedule' },
  { name: 'scheduled', fixture: 'scheduled', hash: '#/cluster/WK1/schedule' },
  { name: 'schedule-skipped', fixture: 'schedule-skipped', hash: '#/cluster/WK1/schedule' },
  { name: 'topology-scheduled', fixture: 'scheduled', hash: '#/cluster/WK1/topology' },
  { name: 'overview-scheduled', fixture: 'scheduled', hash: '#/' },
  { name: 'second-person', fixture: 'request-of-another', hash: '#/cluster/WK1/second-person' },
  {
    name: 'second-person-decline',
    fixture: 'request-of-another',
    hash: '#/cluster/WK1/second-person',
    act: async (page) => {
      await page.getByText('Decline…').click();
    },
  },
  { name: 'second-person-own', fixture: 'request-of-own', hash: '#/cluster/WK1/second-person' },
  { name: 'second-person-setting', fixture: 'requests-decided', hash: '#/cluster/WK1/second-person' },
  { name: 'overview-second-person', fixture: 'request-of-another', hash: '#/' },
  { name: 'topology-second-person', fixture: 'request-of-another', hash: '#/cluster/WK1/topology' },
  { name: 'patch', fixture: 'healthy', hash: '#/patch/ig-north' },
  {
    name: 'patch-confirm',
    fixture: 'healthy',
    hash: '#/patch/ig-north',
    act: async (page) => {
      await page.getByText('Continue to confirm').click();
      await page.getByLabel('Reason').fill('kernel patch');
    },
  },
  { name: 'patch-blocked', fixture: 'dead-server', hash: '#/patch/ig-north' },
  { name: 'patch-running', fixture: 'healthy', patch: 'running', hash: '#/patch/ig-north' },
  { name: 'patch-stopped', fixture: 'patch-moved', patch: 'stopped', hash: '#/patch/ig-north' },
  { name: 'patch-out', fixture: 'patch-out', hash: '#/patch/ig-north' },
  { name: 'patch-out-down', fixture: 'patch-out-down', hash: '#/patch/ig-north' },
  { name: 'patch-part', fixture: 'patch-part', hash: '#/patch/ig-north' },
  {
    name: 'patch-back',
    fixture: 'patch-out',
    hash: '#/patch/ig-north',
    act: (page) => page.getByText('Bring ig-north back…').click(),
  },
  { name: 'patch-done', fixture: 'healthy', patch: 'back', hash: '#/patch/ig-north' },
  ...drillsStates,
  { name: 'readiness-running', fixture: 'healthy', readiness: 'running', hash: '#/readiness' },
  { name: 'behaviour', fixture: 'healthy', hash: '#/behaviour' },
  {
    name: 'behaviour-cut-off',
    fixture: 'healthy',
    hash: '#/behaviour',
    act: async (page) => {
      await page.getByText('The Active is cut off from everything').click();
      await page.locator('summary').nth(2).click();
    },
  },
  { name: 'topology', fixture: 'healthy', hash: '#/cluster/WK1/topology' },
  {
    name: 'topology-why',
    fixture: 'healthy',
    hash: '#/cluster/WK1/topology',
    act: (page) => page.getByRole('button', { name: 'Why' }).click(),
  },
  { name: 'cut-off', fixture: 'cut-off', hash: '#/cluster/WK1/topology' },
  { name: 'mounted', fixture: 'mounted', hash: '#/cluster/WK1/topology' },
  { name: 'mounted-overview', fixture: 'mounted', hash: '#/' },
  { name: 'still-mounted-overview', fixture: 'still-mounted', hash: '#/' },
  { name: 'cut-off-overview', fixture: 'cut-off', hash: '#/' },
  { name: 'topology-conflict', fixture: 'conflict', hash: '#/cluster/WK1/topology' },
  { name: 'overview-conflict', fixture: 'conflict-outside', hash: '#/' },
  { name: 'conflict-outside', fixture: 'conflict-outside', hash: '#/cluster/WK1/topology' },
  { name: 'conflict-two-active', fixture: 'conflict-two-active', hash: '#/cluster/WK1/topology' },
  { name: 'components', fixture: 'healthy', hash: '#/cluster/WK1/components' },
  { name: 'components-bad', fixture: 'evidence-bad', hash: '#/cluster/WK1/components' },
  { name: 'components-none', fixture: 'evidence-missing', hash: '#/cluster/WK1/components' },
  { name: 'evidence', fixture: 'healthy', hash: '#/cluster/WK1/evidence' },
  {
    name: 'evidence-bad',
    fixture: 'evidence-bad',
    hash: '#/cluster/WK1/evidence',
    act: (page) => page.getByText('4 of 6 there').click(),
  },
  { name: 'evidence-silent', fixture: 'split', hash: '#/cluster/WK1/evidence' },
  { name: 'split', fixture: 'split', hash: '#/cluster/WK1/topology' },
  { name: 'overview-relayed', fixture: 'relayed', hash: '#/' },
  { name: 'relayed', fixture: 'relayed', hash: '#/cluster/WK1/topology' },
  { name: 'relayed-evidence', fixture: 'relayed', hash: '#/cluster/WK1/evidence' },
  { name: 'overview-peer-mode', fixture: 'peer-mode', hash: '#/' },
  { name: 'peer-mode', fixture: 'peer-mode', hash: '#/cluster/WK1/topology' },
  { name: 'peer-mode-alone', fixture: 'peer-mode-alone', hash: '#/cluster/WK1/topology' },
  { name: 'peer-mode-unheard', fixture: 'peer-mode-unheard', hash: '#/cluster/WK1/topology' },
  { name: 'lost-link', fixture: 'lost-link', hash: '#/cluster/WK1/topology' },
  { name: 'no-active', fixture: 'no-active', hash: '#/cluster/WK1/topology' },
  { name: 'journal', fixture: 'healthy', hash: '#/cluster/WK1/journal' },
  { name: 'commands', fixture: 'healthy', hash: '#/cluster/WK1/commands' },
  { name: 'op-plan', fixture: 'healthy', hash: '#/cluster/WK1/switchover/ig-south' },
  {
    name: 'op-confirm',
    fixture: 'healthy',
    hash: '#/cluster/WK1/switchover/ig-south',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue to confirm' }).click();
      await page.getByLabel('Reason').fill('patching ig-north');
    },
  },
  { name: 'lease-free', fixture: 'lease-free', hash: '#/cluster/WK1/topology' },
  { name: 'op-failover', fixture: 'lease-free', hash: '#/cluster/WK1/failover/ig-south' },
  { name: 'op-failback', fixture: 'to-move-back', hash: '#/cluster/WK1/failback/ig-north' },
  { name: 'force-plan', fixture: 'forceable', hash: '#/cluster/WK1/force-takeover/ig-south' },
  {
    name: 'force-confirm',
    fixture: 'forceable',
    hash: '#/cluster/WK1/force-takeover/ig-south',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue to confirm' }).click();
      await page.getByLabel('I state that ig-north is').selectOption('power-off');
      await page.getByLabel('Type the name of the cluster').fill('WK1');
      await page.getByLabel('Reason').fill('ig-north lost power, the lease store with it');
    },
  },
  { name: 'force-blocked', fixture: 'not-forceable', hash: '#/cluster/WK1/force-takeover/ig-south' },
  { name: 'force-topology', fixture: 'forceable', hash: '#/cluster/WK1/topology' },
  { name: 'fence-topology', fixture: 'forced-alone', hash: '#/cluster/WK1/topology' },
  { name: 'overview-fence', fixture: 'forced-alone', hash: '#/' },
  { name: 'forced-out-topology', fixture: 'forced-out', hash: '#/cluster/WK1/topology' },
  { name: 'overview-forced-out', fixture: 'forced-out', hash: '#/' },
  { name: 'readmit', fixture: 'forced-out', hash: '#/cluster/WK1/readmit/ig-north' },
  { name: 'replace-topology', fixture: 'store-empty', hash: '#/cluster/WK1/topology' },
  { name: 'replace-plan', fixture: 'store-empty', hash: '#/cluster/WK1/replace-store' },
  { name: 'replace-blocked', fixture: 'store-silent', hash: '#/cluster/WK1/replace-store' },
  {
    name: 'replace-live',
    fixture: 'store-empty',
    hash: '#/cluster/WK1/replace-store',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue to confirm' }).click();
      await page.getByLabel('Reason').fill('the disk of ig-witness died');
      await page.getByRole('button', { name: 'Replace the lease store of WK1' }).click();
    },
  },
  {
    name: 'replace-alone',
    fixture: 'store-empty-alone',
    hash: '#/cluster/WK1/replace-store',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue to confirm' }).click();
      await page.getByLabel('I state that ig-south is').selectOption('power-off');
      await page.getByLabel('Type the name of the cluster').fill('WK1');
      await page.getByLabel('Reason').fill('ig-south and the lease store burned');
    },
  },
  { name: 'op-blocked', fixture: 'lost-link', hash: '#/cluster/WK2/switchover/ig-north' },
  { name: 'op-live', fixture: 'running', hash: '#/cluster/WK1/operation/op-20260314-0431' },
  { name: 'op-done', fixture: 'done', past: 'ending', hash: '#/cluster/WK1/operation/op-20260314-0431' },
  { name: 'op-unknown', fixture: 'unknown', hash: '#/cluster/WK1/operation/op-20260314-0431' },
  { name: 'maintenance-plan', fixture: 'healthy', hash: '#/cluster/WK1/maintenance' },
  {
    name: 'maintenance-confirm',
    fixture: 'healthy',
    hash: '#/cluster/WK1/maintenance',
    act: async (page) => {
      await page.getByRole('button', { name: 'Continue to confirm' }).click();
      await page.getByLabel('Reason').fill('kernel patch');
    },
  },
  { name: 'observing-overview', fixture: 'observing', hash: '#/' },
  { name: 'observing-topology', fixture: 'observing', hash: '#/cluster/WK1/topology' },
  { name: 'maintenance', fixture: 'maintenance', hash: '#/cluster/WK1/maintenance' },
  { name: 'maintenance-topology', fixture: 'maintenance', hash: '#/cluster/WK1/topology' },
  { name: 'maintenance-overview', fixture: 'maintenance', hash: '#/' },
  { name: 'failover-blocked', fixture: 'failover-blocked', hash: '#/cluster/WK1/topology' },
  ...timelineStates,
  {
    name: 'demo-faults',
    fixture: 'split',
    hash: '#/',
    act: (page) => page.getByRole('button', { name: /Faults/ }).click(),
  },
  {
    name: 'palette',
    fixture: 'healthy',
    hash: '#/cluster/WK2/topology',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Search or do…').last().fill('switch');
    },
  },
  ...setupStates,
  { name: 'overview-first-start', fixture: 'healthy', hash: '#/', isFirst: true },
  { name: 'welcome', fixture: 'healthy', hash: '#/welcome' },
  ...['newer', 'alone', 'kit', 'other-authority'].map((text): ScreenState => ({
    name: `welcome-file-${text}`,
    fixture: 'healthy',
    hash: '#/welcome',
    act: (page) => chooseFile(page, text),
  })),
  { name: 'waiting', fixture: 'waiting', hash: '#/' },
  { name: 'not-opened', fixture: 'not-opened', hash: '#/' },
  { name: 'not-found', fixture: 'healthy', hash: '#/cluster/WK9/topology' },
  { name: 'taken-over', fixture: 'taken-over', hash: '#/' },
  { name: 'taken-over-topology', fixture: 'taken-over', hash: '#/cluster/WK1/topology' },
];

/** A file with this text is chosen, and what is in it comes into view. */
async function chooseFile(page: Page, text: string): Promise<void> {
  const file = {
    name: `clinic.${text === 'kit' ? 'kit' : 'json'}`,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  };
  await page.getByLabel('Choose a file…', { exact: true }).first().setInputFiles(file);
  await page.getByLabel('What is in the file').waitFor();
  await page.getByText('Open a site from a file').evaluate((title) => title.scrollIntoView());
}
