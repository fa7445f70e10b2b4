import type { Locator } from 'playwright';
import { address, type HostName } from '../hosts/layout.ts';
import { labKey } from '../hosts/ssh.ts';
import { hostKeyFingerprint } from '../site/install.ts';
import { engineApi, labClusters } from '../site/lab-site.ts';
import { changeHostKey, passwordUser } from './server-troubles.ts';
import type { WizardStage } from './wizard-stage.ts';

const installLimitMs = 240_000;
const measureLimitMs = 120_000;
/** An address of the lab's network that nobody has. */
const nobody = (lab: WizardStage['lab']) => `10.77.${lab.id}.99`;

/** Servers, preflight, design and clusters; the balancer is left open. */
export async function beforeTheRestart(stage: WizardStage): Promise<void> {
  const { page, screen, pictures, tell } = stage;
  await page.getByRole('link', { name: 'Set up a site' }).click();
  await screen.onStep('Which servers belong to the site?');
  await pictures.take('servers-empty');
  await screen.type('Name', 'Lab hospital');
  await addServers(stage);
  await pictures.take('servers-reached', { alsoWide: true });
  tell('servers: four reached, each key compared');
  await screen.goOn('Preflight');
  await preflight(stage);
  await screen.goOn('Design');
  await screen.onStep('Which of the two designs?');
  await screen.pick('Active–Passive Multi-Cluster');
  await pictures.take('design');
  await screen.goOn('Clusters');
  await clusters(stage);
  await screen.goOn('Load balancer');
  await screen.onStep('What stands before the servers?');
  await screen.sees(/^Saved /);
  tell('closed on the step Load balancer');
}

async function addServers(stage: WizardStage): Promise<void> {
  const { lab, screen, pictures } = stage;
  await screen.press('Add a server with IguanaX');
  const first = screen.card('Server 1');
  await first.getByText('Key file', { exact: true }).click();
  await screen.type('Private key on this workstation', labKey(lab), first);
  await named(stage, 1, 'wk-a');
  await trust(stage, 'wk-a');

  await screen.press('Add a server with IguanaX');
  await named(stage, 2, 'wk-b', nobody(lab));
  await refusedAs(stage, 'wk-b', /No route|does not answer|cannot be reached/i);
  await pictures.take('unreachable');
  await screen.type('Address', address(lab, 'wk-b'), screen.card('wk-b'));
  await trust(stage, 'wk-b');

  await screen.press('Add another machine');
  await named(stage, 3, 'lb');
  await trust(stage, 'lb');
  const putBack = await changeHostKey(lab, 'lb');
  try {
    await refusedAs(stage, 'lb', /changed host key/);
    await pictures.take('changed-key');
  } finally {
    putBack();
  }
  await screen.press('Reach it', screen.card('lb'));
  await screen.sees(/key pinned/, screen.card('lb'));

  await screen.press('Add another machine');
  await named(stage, 4, 'wit');
  const wit = screen.card('wit');
  await screen.type('User', passwordUser.name, wit);
  await wit.getByText('Password', { exact: true }).first().click();
  await screen.choose('Becomes root by', 'sudo with a password', wit);
  await screen.typeSecret('Password', 'not-the-password', wit);
  await confirmKey(stage, 'wit');
  await screen.sees(/refuse|not accept/i, wit);
  await pictures.take('wrong-password');
  await screen.typeSecret('Password', passwordUser.password, wit);
  await screen.press('Reach it', wit);
  await screen.sees(/key pinned/, wit);
}

/** Fills the newest card, whose name is its number until it is given one. */
async function named(
  { lab, screen }: WizardStage,
  number: number,
  host: HostName,
  at = address(lab, host),
): Promise<void> {
  await screen.type('Address', at, screen.card(`Server ${number}`));
  await screen.type('Name', host, screen.card(`Server ${number}`));
}

async function trust(stage: WizardStage, host: HostName): Promise<void> {
  const { screen } = stage;
  await confirmKey(stage, host);
  await screen.sees(/key pinned/, screen.card(host));
}

/** Reaches it, compares what it presents with the server's own key, and trusts that. */
async function confirmKey({ lab, screen, pictures }: WizardStage, host: HostName): Promise<void> {
  const card = screen.card(host);
  await screen.press('Reach it', card);
  await screen.sees(`Is this the key of ${host}?`, card);
  await screen.sees(await hostKeyFingerprint(lab, host), card);
  if (host === 'wk-a') await pictures.take('key-to-compare');
  await screen.press('It is the same: trust this key', card);
}

async function refusedAs({ screen }: WizardStage, host: HostName, sentence: RegExp): Promise<void> {
  const card = screen.card(host);
  await screen.press('Reach it', card);
  await screen.sees(/not reached, /, card);
  await screen.sees(sentence, card);
}

async function preflight({ page, screen, pictures, tell }: WizardStage): Promise<void> {
  await screen.onStep('Preflight: are the servers fit?');
  await pictures.take('preflight-before');
  await screen.press('Look at all servers');
  await screen.onStep('Preflight: the servers are being looked at');
  await pictures.take('preflight-live');
  await screen.onStep(/^Preflight: (?!the servers are being looked at)/);
  await pictures.take('preflight', { alsoWide: true });
  await confirmAll(page.getByRole('main'));
  tell(`preflight: ${await page.getByText(/\d+ failed · /).innerText()}`);
}

/** What only a person can answer. */
async function confirmAll(main: Locator): Promise<void> {
  const open = main.getByRole('button', { name: 'Confirm', exact: true });
  for (let left = await open.count(); left > 0; left -= 1) await open.first().click();
}

async function clusters({ screen, pictures, tell }: WizardStage): Promise<void> {
  await screen.onStep('Which clusters?');
  for (const cluster of labClusters) {
    await screen.press('Add a cluster');
    const card = screen.card(cluster.id);
    const { listener } = cluster;
    await screen.type('Components that fetch by themselves', cluster.poller, card);
    await card.getByLabel('Name', { exact: true }).fill(listener.name);
    await screen.type('Port on the servers', String(listener.port), card);
    await screen.type('Port on the balancer', String(listener.frontendPort), card);
    for (const member of ['First member', 'Second member']) {
      const fields = card.getByRole('group', { name: member });
      await screen.type('API port', String(cluster.apiPort), fields);
      await screen.type('Working directory', `/share/${cluster.share}`, fields);
    }
    const found = await card.getByLabel('Engine’s service').first().inputValue();
    if (found !== cluster.unit) throw new Error(`${cluster.id} offers ${found}, not ${cluster.unit}`);
  }
  await pictures.take('clusters');
  tell('clusters: WK1 and WK2, preferred crosswise, with the engines that were found');
}

/** The draft is offered and goes on where it was left, up to the protected site. */
export async function afterTheRestart(stage: WizardStage): Promise<void> {
  const { page, screen, pictures, tell } = stage;
  await page.getByRole('link', { name: /Set up a site|Go on with the setup/ }).click();
  await screen.onStep('What stands before the servers?');
  await pictures.take('resumed');
  await screen.pick(/^lb/);
  await pictures.take('balancer');
  await screen.goOn('Storage');
  await screen.onStep('Where are the queues?');
  for (const { id, share } of labClusters) await screen.type('Directory', `/share/${share}`, screen.card(id));
  await pictures.take('storage');
  await screen.goOn('Lease store');
  await screen.onStep('Who keeps the leases?');
  await screen.pick(/^wit/);
  await pictures.take('lease-store');
  await screen.goOn('Timing');
  await reachAgain(stage);
  await timing(stage);
  await screen.goOn('Use Normal');
  await review(stage);
  await screen.goOn('Install on all servers');
  await install(stage);
  tell('installed');
}

/** Secrets end with the console: a server that is signed in to by password has to be reached anew. */
async function reachAgain({ page, screen, tell }: WizardStage): Promise<void> {
  // The console has a page of that name too.
  const steps = page.getByRole('navigation', { name: 'Steps of the setup' });
  await steps.getByRole('link', { name: /^Servers/ }).click();
  await screen.onStep('Which servers belong to the site?');
  await screen.typeSecret('Password', passwordUser.password, screen.card('wit'));
  await screen.press('Reach all');
  for (const host of ['wk-a', 'wk-b', 'lb', 'wit']) await screen.sees(/key pinned/, screen.card(host));
  await screen.goOn('Preflight');
  await screen.press('Look at all servers');
  await screen.onStep(/^Preflight: (?!the servers are being looked at|are the servers)/);
  await steps.getByRole('link', { name: /^Timing/ }).click();
  tell('resumed: all servers reached and looked at again');
}

async function timing({ page, screen, pictures, tell }: WizardStage): Promise<void> {
  await screen.onStep('How fast should WK1 and WK2 fail over?');
  await pictures.take('timing-unmeasured');
  await screen.press('Measure');
  await screen.sees(/^Measured for /, page, measureLimitMs);
  await screen.pick(/^Normal/);
  await pictures.take('timing', { alsoWide: true });
  tell(`timing: ${(await page.getByText(/^Worst renewal/).innerText()).replaceAll('\n', ' ')}`);
}

async function review({ screen, pictures }: WizardStage): Promise<void> {
  await screen.onStep('What will be changed?');
  await pictures.take('review-without-password');
  await screen.typeSecret('Password', engineApi.password);
  await screen.sees(/^\d+ changes$/);
  await pictures.take('review');
}

async function install({ page, screen, pictures, tell }: WizardStage): Promise<void> {
  await screen.onStep('The servers are being installed');
  await screen.sees(/steps done/);
  await pictures.take('install-live');
  const begun = performance.now();
  await screen.onStep(/^(?:Installed on all servers|The installation stopped)$/, installLimitMs);
  tell(`install: ended after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  await pictures.take('install-done');
  await screen.onStep('Installed on all servers');
  await screen.goOn('Baseline');
  await screen.onStep('Lab hospital is protected');
  await pictures.take('baseline');
  await screen.goOn('Show the site');
  await page.getByRole('table').filter({ hasText: 'wk-a' }).first().waitFor({ timeout: 30_000 });
}
