import type { Page } from 'playwright';
import type { FixtureName } from './fixtures.ts';
import type { ServersFixtureName } from './servers-fixtures.ts';
import type { SetupFixtureName } from './setup-fixtures.ts';

/** One picture: a site, a place in the page, and what a person did there. */
export interface ScreenState {
  readonly name: string;
  readonly fixture: FixtureName;
  readonly hash: string;
  /** What the page saw half a minute ago. */
  readonly past?: FixtureName;
  readonly act?: (page: Page) => Promise<void>;
  readonly setup?: SetupFixtureName;
  readonly servers?: ServersFixtureName;
  /** The first start on a workstation. */
  readonly isFirst?: boolean;
}

export const screenStates: readonly ScreenState[] = [
  { name: 'overview', fixture: 'healthy', hash: '#/' },
  { name: 'overview-dead-server', fixture: 'dead-server', hash: '#/' },
  { name: 'overview-lost-link', fixture: 'lost-link', hash: '#/' },
  { name: 'overview-no-active', fixture: 'no-active', hash: '#/' },
  { name: 'recovery-kit', fixture: 'healthy', hash: '#/recovery-kit' },
  { name: 'clusters', fixture: 'healthy', hash: '#/clusters' },
  { name: 'servers', fixture: 'healthy', hash: '#/servers' },
  { name: 'servers-dead', fixture: 'dead-server', servers: 'demo', hash: '#/servers' },
  { name: 'servers-upgrading', fixture: 'healthy', servers: 'upgrading', hash: '#/servers' },
  { name: 'servers-compared', fixture: 'healthy', servers: 'compared', hash: '#/servers' },
  { name: 'servers-failed', fixture: 'healthy', servers: 'failed', hash: '#/servers' },
  {
    name: 'servers-remove',
    fixture: 'healthy',
    servers: 'signedIn',
    hash: '#/servers',
    act: (page) => page.getByText('Remove', { exact: true }).click(),
  },
  { name: 'topology', fixture: 'healthy', hash: '#/cluster/WK1/topology' },
  {
    name: 'topology-why',
    fixture: 'healthy',
    hash: '#/cluster/WK1/topology',
    act: (page) => page.getByRole('button', { name: 'Why' }).click(),
  },
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
  { name: 'maintenance', fixture: 'maintenance', hash: '#/cluster/WK1/maintenance' },
  { name: 'maintenance-topology', fixture: 'maintenance', hash: '#/cluster/WK1/topology' },
  { name: 'maintenance-overview', fixture: 'maintenance', hash: '#/' },
  { name: 'failover-blocked', fixture: 'failover-blocked', hash: '#/cluster/WK1/topology' },
  { name: 'timeline', fixture: 'healthy', hash: '#/timeline' },
  {
    name: 'timeline-picked',
    fixture: 'healthy',
    hash: '#/timeline',
    act: (page) => page.getByText('ig-witness granted epoch 48').click(),
  },
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
  { name: 'setup-empty', fixture: 'healthy', setup: 'empty', hash: '#/setup/servers' },
  { name: 'setup-servers', fixture: 'healthy', setup: 'key', hash: '#/setup/servers' },
  {
    name: 'setup-host-key',
    fixture: 'healthy',
    setup: 'key',
    hash: '#/setup/servers',
    act: (page) => page.getByText('Is this the key of').scrollIntoViewIfNeeded(),
  },
  { name: 'setup-jump-host', fixture: 'healthy', setup: 'jump-host', hash: '#/setup/servers' },
  { name: 'setup-question', fixture: 'healthy', setup: 'question', hash: '#/setup/servers' },
  { name: 'setup-no-sudo', fixture: 'healthy', setup: 'no-sudo', hash: '#/setup/servers' },
  {
    name: 'setup-known-hosts',
    fixture: 'healthy',
    setup: 'known-hosts',
    hash: '#/setup/servers',
    act: (page) => page.getByText(/never accepted/).scrollIntoViewIfNeeded(),
  },
  { name: 'setup-preflight', fixture: 'healthy', setup: 'whole', hash: '#/setup/preflight' },
  { name: 'setup-looking', fixture: 'healthy', setup: 'looking', hash: '#/setup/preflight' },
  { name: 'setup-design', fixture: 'healthy', setup: 'whole', hash: '#/setup/design' },
  { name: 'setup-clusters', fixture: 'healthy', setup: 'whole', hash: '#/setup/clusters' },
  { name: 'setup-balancer', fixture: 'healthy', setup: 'whole', hash: '#/setup/balancer' },
  { name: 'setup-balancer-f5', fixture: 'healthy', setup: 'kept-balancer', hash: '#/setup/balancer' },
  {
    name: 'setup-balancer-recipe',
    fixture: 'healthy',
    setup: 'kept-balancer',
    hash: '#/setup/balancer',
    act: (page) => page.getByRole('heading', { name: /^What is not promised/ }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'setup-balancer-moving',
    fixture: 'healthy',
    setup: 'moving-address',
    hash: '#/setup/balancer',
  },
  { name: 'setup-resumed', fixture: 'healthy', setup: 'resumed', hash: '#/setup' },
  { name: 'setup-storage', fixture: 'healthy', setup: 'whole', hash: '#/setup/storage' },
  { name: 'setup-lease-store', fixture: 'healthy', setup: 'whole', hash: '#/setup/lease-store' },
  { name: 'setup-etcd', fixture: 'healthy', setup: 'etcd', hash: '#/setup/lease-store' },
  {
    name: 'setup-etcd-tried',
    fixture: 'healthy',
    setup: 'etcd-tried',
    hash: '#/setup/lease-store',
    act: (page) => page.getByRole('heading', { name: 'Is it fit?' }).scrollIntoViewIfNeeded(),
  },
  { name: 'setup-timing', fixture: 'healthy', setup: 'whole', hash: '#/setup/timing' },
  { name: 'setup-unmeasured', fixture: 'healthy', setup: 'unmeasured', hash: '#/setup/timing' },
  { name: 'setup-review', fixture: 'healthy', setup: 'planned', hash: '#/setup/review' },
  { name: 'setup-install', fixture: 'healthy', setup: 'installing', hash: '#/setup/install' },
  { name: 'setup-stopped', fixture: 'healthy', setup: 'stopped', hash: '#/setup/install' },
  { name: 'setup-baseline', fixture: 'healthy', setup: 'installed', hash: '#/setup/baseline' },
  { name: 'setup-verified', fixture: 'healthy', setup: 'verified-balancer', hash: '#/setup/baseline' },
  { name: 'overview-first-start', fixture: 'healthy', hash: '#/', isFirst: true },
  { name: 'welcome', fixture: 'healthy', hash: '#/welcome' },
  { name: 'waiting', fixture: 'waiting', hash: '#/' },
  { name: 'not-opened', fixture: 'not-opened', hash: '#/' },
  { name: 'not-found', fixture: 'healthy', hash: '#/cluster/WK9/topology' },
  { name: 'taken-over', fixture: 'taken-over', hash: '#/' },
  { name: 'taken-over-topology', fixture: 'taken-over', hash: '#/cluster/WK1/topology' },
];
