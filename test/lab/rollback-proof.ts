import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { expectAsBefore, inventories, type Inventories } from './bad-days/bare-hosts.ts';
import { until } from './hosts/command.ts';
import { memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { engineHosts } from './judge/observe.ts';
import { judged, onMovingSite, unmoved, type SiteAtWork, type Tell } from './site-at-work.ts';
import { switchOver } from './site/console-command.ts';
import { profileFolder, runSite, siteUntil } from './site/install.ts';
import { labClusters, labSite, type LabCluster } from './site/lab-site.ts';
import { asItIs, expectVersion, presentVersion, programAs } from './site/other-version.ts';
import { expectDone, expectRefused, lineWith } from './site/said.ts';

const older = '0.0.9';
const [wk1, wk2] = labClusters;
/** The server that is put back, and the one that serves meanwhile. */
const passive: HostName = 'wk-b';
const active: HostName = 'wk-a';
const siteHosts: readonly HostName[] = [...memberHosts, 'wit', 'lb'];
/** A first installation is ended when it has told this step: gates, guards and configuration lie there, no agent has run. */
const lastStep = 'guard ixha-guard-1@WK1.service';

const units = [
  ...labClusters.flatMap(({ id, unit }) => [
    ...['agent', 'guard-1', 'guard-2'].map((part) => `ixha-${part}@${id}.service`),
    unit,
  ]),
  ...['ixha-witness.service', 'haproxy.service'],
];

/** Files of the product with their content, its units and engines with their processes: what a refusal or a plan must leave. */
const standing = [
  "find /etc/ixha /usr/lib/ixha /usr/bin/ixha /etc/systemd/system /etc/haproxy /var/lib/ixha/started /var/lib/ixha/before-installation -printf '%p %y %m %U %T@ %l\\n' 2>/dev/null | sort",
  'find /etc/ixha /usr/bin/ixha /etc/systemd/system /etc/haproxy /var/lib/ixha/before-installation -type f -exec sha256sum {} + 2>/dev/null | sort',
  `systemctl show -p Id -p MainPID -p ActiveState -p UnitFileState ${units.join(' ')}`,
].join('; echo --; ');

/**
 * One server is put back as it was, on real hosts: each server of a first installation that was ended in the middle, until
 * nothing is left, and the Passive's server of a site at work after an upgrade. What would be unsafe is refused and, like
 * every plan, changes nothing. Throws with what went wrong.
 */
export function proveRollback(lab: LabLayout, tell: Tell): Promise<void> {
  return onMovingSite(lab, tell, putBackAtWork, {
    program: (folder) => programAs(folder, older, asItIs),
    onBareHosts: (program) => takeFirstInstallationBack({ lab, tell }, program),
  });
}

/** What of the lab a roll back needs. */
type Scene = Pick<SiteAtWork, 'lab' | 'tell'>;

async function takeFirstInstallationBack(scene: Scene, program: string | undefined): Promise<void> {
  const { lab, tell } = scene;
  const before = await inventories(lab, siteHosts);
  const reached = await siteUntil(lab, 'install', labSite(lab), lastStep, program);
  if (!reached) throw new Error(`the first installation never told “${lastStep}”`);
  await untilNothingMoves(lab);
  tell(`a first installation, ended after “${lastStep}”`);
  for (const host of [...memberHosts, 'wit'] as const) {
    await expectPlan(scene, host, /removed: the program, \/etc\/ixha and \/var\/lib\/ixha/);
    if (!existsSync(noteOfBegun(lab))) throw new Error('the begun installation is forgotten too early');
    await putBack(scene, host);
  }
  expectAsBefore(before, await inventories(lab, siteHosts));
  if (existsSync(noteOfBegun(lab))) throw new Error('the begun installation is still remembered');
  tell('every server is as it was before the first installation');
  for (const host of siteHosts) await expectUnsafe(scene, host, 'rollback.nothing-kept');
}

/** Where this workstation remembers an installation that has not ended. */
function noteOfBegun(lab: LabLayout): string {
  return join(profileFolder(lab), 'install-began.json');
}

/** What the ended program had asked for last on a server still comes to its end. */
async function untilNothingMoves(lab: LabLayout): Promise<void> {
  let last: Inventories = new Map();
  const rests = async () => {
    const now = await inventories(lab, siteHosts, standing);
    const same = siteHosts.every((host) => now.get(host) === last.get(host));
    last = now;
    return same;
  };
  await until('servers at rest after the ended installation', rests, { deadlineMs: 30_000, everyMs: 1_000 });
}

/** The site was installed by the older program; in the end it runs the present one. */
async function putBackAtWork(site: SiteAtWork): Promise<void> {
  const { lab } = site;
  await expectVersion(lab, older);
  const [serving] = engineHosts(lab, wk1);
  if (serving === undefined) throw new Error(`${wk1.id} has no engine`);
  await expectUnsafe(site, serving, 'rollback.active', [isActive(wk1, serving)]);
  await judged(site, `everything to ${active}`, async () => {
    for (const cluster of labClusters) await move(lab, cluster, active);
  });
  await refuseWhatOthersUse(site);
  await refuseTwoSettings(site);
  await judged(site, `${older} to the present one`, () => unmoved(site, () => upgrade(site)));
  await expectVersion(lab, presentVersion());
  await expectUnsafe(site, active, 'rollback.active', [isActive(wk2, active)]);
  await expectUnsafe(site, 'wit', 'rollback.in-use', [/would run a newer version than it/]);
  await toVersionBefore(site);
  await expectUnsafe(site, passive, 'rollback.nothing-kept');
  const words = `${wk2.id} to ${passive}, which runs the older version`;
  await judged(site, words, () => move(lab, wk2, passive));
  await judged(site, 'the upgrade once more', () => unmoved(site, () => upgrade(site)));
  await expectVersion(lab, presentVersion());
}

function isActive({ id, unit }: LabCluster, host: HostName): RegExp {
  return new RegExp(`${unit} of ${id} runs on ${host} \\(active\\): it is the Active`);
}

/** Everything is armed on the other server by now: of the first installation nothing is taken off alone. */
async function refuseWhatOthersUse(site: SiteAtWork): Promise<void> {
  const armed = new RegExp(`${wk1.id} is armed on ${active}`);
  await expectUnsafe(site, passive, 'rollback.in-use', [/cannot lose its part of WK1, WK2 alone/, armed]);
  await expectUnsafe(site, 'wit', 'rollback.in-use', [/wit cannot lose what it carries alone/, armed]);
  await expectUnsafe(site, 'lb', 'rollback.in-use', [/lb cannot lose what it carries alone/, armed]);
}

/** A change of the whole site is not taken back on one member of a cluster alone. */
async function refuseTwoSettings(site: SiteAtWork): Promise<void> {
  const { lab, folder } = site;
  const program = join(folder, older);
  const usual = labSite(lab);
  const install = async (document: SiteDocument) => {
    expectDone(await runSite(lab, 'install', document, program));
  };
  const changed: SiteDocument = {
    ...usual,
    clusters: usual.clusters.map((one) => (one.id === wk2.id ? { ...one, localRestarts: 1 } : one)),
  };
  await judged(site, 'another number of local restarts', () => install(changed));
  const differs = /\/etc\/ixha\/WK2\/member\.json on wk-a is not as it was/;
  await expectUnsafe(site, passive, 'rollback.others-differ', [differs], changed);
  await judged(site, 'the number of before', () => install(usual));
}

async function upgrade({ lab, tell }: SiteAtWork): Promise<void> {
  const done = expectDone(await runSite(lab, 'upgrade', labSite(lab)));
  for (const line of done.stdout.split('\n').filter((text) => /upgraded from|already runs/.test(text)))
    tell(line);
}

/** Only the Passive's server runs the version of before; the others are left alone, and the engines too. */
async function toVersionBefore(site: SiteAtWork): Promise<void> {
  const { lab } = site;
  await expectPlan(
    site,
    passive,
    new RegExp(
      `version ${older}-\\S+ is the current one again, instead of ${presentVersion().replaceAll('.', '\\.')}-`,
    ),
    ...labClusters.map(({ id }) => new RegExp(`restarted: ixha-agent@${id}\\.service`)),
  );
  await judged(site, `${passive} back to ${older}`, () => unmoved(site, () => putBack(site, passive)));
  await expectVersion(lab, older, [passive]);
  await expectVersion(lab, presentVersion(), [active, 'wit']);
}

/** The plan is told with these words, and nothing is changed. */
async function expectPlan(
  { lab, tell }: Scene,
  server: HostName,
  ...words: readonly RegExp[]
): Promise<void> {
  const before = await inventories(lab, siteHosts, standing);
  const { stdout } = expectDone(
    await runSite(lab, 'rollback', labSite(lab), undefined, ['--server', server, '--plan']),
  );
  const lacking = words.filter((one) => !one.test(stdout));
  if (!stdout.includes(`A roll back of ${server} would change:`) || lacking.length > 0) {
    throw new Error(`the plan for ${server} lacks ${lacking.join(', ')}: ${stdout}`);
  }
  expectAsBefore(before, await inventories(lab, siteHosts, standing));
  tell(`${server}: a plan changed nothing`);
}

/** Puts one server back. The others stay as they are. */
async function putBack({ lab, tell }: Scene, server: HostName): Promise<void> {
  const others = siteHosts.filter((host) => host !== server);
  const before = await inventories(lab, others, standing);
  const words = ['--server', server];
  const done = expectDone(await runSite(lab, 'rollback', labSite(lab), undefined, words));
  const said = lineWith(done, `${server} is as it was before:`);
  if (said === '') throw new Error(`not told as put back: ${done.stdout}`);
  expectAsBefore(before, await inventories(lab, others, standing));
  const lines = done.stdout.slice(done.stdout.indexOf(said)).trim().split('\n');
  for (const [index, line] of lines.entries()) tell(index === 0 ? line : `  ${line}`);
}

/** Refused, as a plan and for real, with the code and the words, and nothing is changed. */
async function expectUnsafe(
  { lab, tell }: Scene,
  server: HostName,
  code: string,
  words: readonly RegExp[] = [],
  document: SiteDocument = labSite(lab),
): Promise<void> {
  const before = await inventories(lab, siteHosts, standing);
  for (const how of [['--plan'], []]) {
    const done = await runSite(lab, 'rollback', document, undefined, ['--server', server, ...how]);
    expectRefused(done, code, ...words);
    if (how.length === 0) tell(`${server}: ${lineWith(done, code)}`);
  }
  expectAsBefore(before, await inventories(lab, siteHosts, standing));
}

async function move(lab: LabLayout, cluster: LabCluster, to: HostName): Promise<void> {
  if (engineHosts(lab, cluster).join() !== to) await switchOver(lab, cluster, to);
}
