import { until } from '../hosts/command.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import type { HostName } from '../hosts/layout.ts';
import { bootMs } from '../judge/observe.ts';
import { Traffic } from '../judge/traffic.ts';
import { labClusters, type LabCluster } from '../site/lab-site.ts';
import type { WizardStage } from './wizard-stage.ts';

const [wk1, wk2] = labClusters;
const recoveryLimitMs = 120_000;

/**
 * Messages flow through the site that was just set up; then one server loses its power. The console shows the other one
 * take over, the second cluster is not touched, and no acknowledged message is lost or out of order.
 */
export async function proveProtection(stage: WizardStage): Promise<void> {
  const { lab, pictures, tell } = stage;
  const traffic = await Traffic.start(lab);
  try {
    await roleIs(stage, wk1, 'wk-a', /Active/);
    await roleIs(stage, wk2, 'wk-b', /Active/);
    await roleIs(stage, wk1, 'wk-b', /Passive/);
    await roleIs(stage, wk2, 'wk-a', /Passive/);
    await flow(traffic, wk1, 'wk-a');
    await flow(traffic, wk2, 'wk-b');
    await sentence(stage, /can fail over now/);
    await pictures.take('protected');
    const before = await cell(stage, wk2, 'wk-b').innerText();
    await cutPower(lab, 'wk-a');
    const begun = performance.now();
    await roleIs(stage, wk1, 'wk-a', /Unknown/);
    await pictures.take('power-cut');
    await roleIs(stage, wk1, 'wk-b', /Active/);
    tell(
      `WK1 is shown Active on wk-b ${((performance.now() - begun) / 1_000).toFixed(1)} s after the power cut`,
    );
    await flow(traffic, wk1, 'wk-b');
    await flow(traffic, wk2, 'wk-b');
    await pictures.take('taken-over');
    const after = await cell(stage, wk2, 'wk-b').innerText();
    if (epochOf(after) !== epochOf(before)) throw new Error(`WK2 was touched: ${before}, then ${after}`);
    await bootHost(lab, 'wk-a');
    await roleIs(stage, wk1, 'wk-a', /Passive/);
    await sentence(stage, /can fail over now/);
    await pictures.take('whole-again');
    await judge(traffic, tell);
  } finally {
    await traffic.stop();
  }
}

const cell = ({ page }: WizardStage, cluster: LabCluster, host: HostName) =>
  page
    .getByRole('table')
    .filter({ hasText: 'wit' })
    .first()
    .getByRole('row')
    .filter({ hasText: host })
    .getByRole('cell')
    .nth(cluster.index);

function roleIs(stage: WizardStage, cluster: LabCluster, host: HostName, role: RegExp): Promise<void> {
  return stage.screen.until(
    `${cluster.id} on ${host} is shown as ${role}`,
    async () => role.test(await cell(stage, cluster, host).innerText()),
    recoveryLimitMs,
  );
}

function sentence({ page, screen }: WizardStage, words: RegExp): Promise<void> {
  const title = page.getByRole('heading', { level: 1 });
  return screen.until(
    `the overview says ${words}`,
    async () => words.test(await title.innerText()),
    recoveryLimitMs,
  );
}

function epochOf(text: string): string {
  return /epoch \d+/.exec(text)?.[0] ?? text;
}

/** Both senders of the cluster are answered by that server from now on. */
function flow(traffic: Traffic, cluster: LabCluster, host: HostName): Promise<void> {
  const from = bootMs();
  return until(`messages through ${cluster.id} on ${host}`, () => traffic.flows(cluster, host, from), {
    deadlineMs: recoveryLimitMs,
    everyMs: 200,
  });
}

/** After the senders have ended and the queues are empty: nothing lost, nothing out of order. */
async function judge(traffic: Traffic, tell: (line: string) => void): Promise<void> {
  await traffic.stopSending();
  const empty = async () => (await traffic.counters()).every(({ pending }) => pending === 0);
  await until('queues empty', empty, { deadlineMs: 30_000, everyMs: 200 });
  for (const { cluster, acknowledged, lost, outOfOrder, longestGapMs } of await traffic.counters()) {
    tell(
      `${cluster}: ${acknowledged} acknowledged, ${lost} lost, ${outOfOrder} out of order, longest gap ${(longestGapMs / 1_000).toFixed(1)} s`,
    );
    if (lost > 0 || outOfOrder > 0 || acknowledged === 0)
      throw new Error(`${cluster} lost or mixed messages`);
  }
}
