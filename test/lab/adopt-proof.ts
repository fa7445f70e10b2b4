import { pause, until } from './hosts/command.ts';
import { unitProcesses } from './hosts/control-group.ts';
import { labDown, labUp, labWipe } from './hosts/lab.ts';
import { hostNames, memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { holdLock } from './hosts/lock.ts';
import { onHost, tryOnHost } from './hosts/ssh.ts';
import { bootMs } from './judge/observe.ts';
import { isSettled } from './judge/settled.ts';
import { Traffic } from './judge/traffic.ts';
import type { Tell } from './site-at-work.ts';
import { runSite, siteUntil } from './site/install.ts';
import { labClusters, labSite } from './site/lab-site.ts';
import { installEngines } from './site/provision.ts';

/** The engines of both clusters run here before anything is installed. */
const running: HostName = 'wk-a';
/** What the arming has just done each time it is ended. */
const interruptions = [
  'refusal and kill of iguanax-wk1',
  'takes the running iguanax-wk1.service over',
  'guards of the running iguanax-wk1.service',
  'agent of WK2 is armed',
];

/** What a member has journalled last, and what its guards have done. */
const lastWords =
  'uname -n; tail -n 25 /var/lib/ixha/WK*/journal/*; tail /run/ixha/*/kill-* /run/ixha/*/deadline; journalctl -n 60 --no-pager -u "ixha-*" -u "iguanax-*"';

/**
 * A site whose engines run already is observed, armed with interruptions, observed again and armed again. Judged from
 * outside: nothing on the members is changed while it is observed, and the engines are the same processes to the end.
 * Throws with what went wrong.
 */
export async function proveAdoption(lab: LabLayout, tell: Tell): Promise<void> {
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  let traffic: Traffic | undefined;
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    await installEngines(lab);
    await onHost(lab, running, `systemctl start ${labClusters.map(({ unit }) => unit).join(' ')}`);
    const began = { engines: engines(lab), hosts: await inventories(lab) };
    tell(`before: ${began.engines}`);
    const observed = { ...labSite(lab), mode: 'observe' as const };
    await site(lab, 'install', observed);
    await watchObserving(lab, tell);
    expectSame('while observed', began, { engines: engines(lab), hosts: await inventories(lab) });
    tell('observed: units, drop-ins, storage and load balancer are as they were');
    tell((await site(lab, 'arm', observed, ['--plan'])).trim());
    await armInterrupted(lab, observed, tell);
    traffic = await Traffic.start(lab);
    await settle(lab, traffic);
    expectSame('after arming', { engines: began.engines }, { engines: engines(lab) });
    tell('armed: the engines are the same processes, and messages flow');
    await site(lab, 'observe', labSite(lab));
    expectSame('observed again', { engines: began.engines }, { engines: engines(lab) });
    await site(lab, 'arm', labSite(lab));
    await settle(lab, traffic);
    expectSame('armed again', { engines: began.engines }, { engines: engines(lab) });
    tell(`engines: the same processes as before (${engines(lab)})`);
    await expectGateShut(lab);
    tell('armed: an engine started by hand on the other server is refused');
  } catch (error) {
    for (const host of memberHosts) tell((await tryOnHost(lab, host, lastWords)).stdout);
    throw error;
  } finally {
    await traffic?.stop().catch(() => undefined);
    await labDown(lab);
    release();
  }
}

async function site(
  lab: LabLayout,
  verb: Parameters<typeof runSite>[1],
  document: ReturnType<typeof labSite>,
  more: readonly string[] = [],
): Promise<string> {
  const done = await runSite(lab, verb, document, undefined, more);
  if (done.code !== 0) throw new Error(`${verb}: ${done.stdout}${done.stderr}`.slice(-3_000));
  return done.stdout;
}

/** Every agent says that it observes, and what it would decide. */
async function watchObserving(lab: LabLayout, tell: Tell): Promise<void> {
  for (const host of memberHosts) {
    for (const { id } of labClusters) {
      const told = await onHost(lab, host, `ixha why ${id} --server ${host}`);
      if (!told.includes('only observes')) throw new Error(`${host} ${id}: ${told}`);
      tell(
        `${host} ${id}: ${told
          .split('\n')
          .find((line) => line.includes('only observes'))
          ?.trim()}`,
      );
    }
  }
}

/** Ended without warning at each of its points, kept from other work, begun anew each time, and let to its end at last. */
async function armInterrupted(
  lab: LabLayout,
  document: ReturnType<typeof labSite>,
  tell: Tell,
): Promise<void> {
  for (const text of interruptions) {
    const before = engines(lab);
    const reached = await siteUntil(lab, 'arm', document, text);
    tell(`ended after "${text}": ${reached ? 'ended there' : 'had ended before'}`);
    for (const verb of ['install', 'repair'] as const) {
      const { code, stdout, stderr } = await runSite(lab, verb, document);
      if (code === 0 || !`${stdout}${stderr}`.includes('[arm.refused]'))
        throw new Error(`${verb} over an arming that was cut off: ${stdout}${stderr}`.slice(-3_000));
    }
    await pause(6_000);
    if (engines(lab) !== before) throw new Error(`after ${text}: ${before} became ${engines(lab)}`);
  }
  tell((await site(lab, 'arm', document)).trim().split('\n').slice(-4).join('\n'));
}

/** Engine processes by cluster and host. */
function engines(lab: LabLayout): string {
  return labClusters
    .flatMap(({ id, unit }) =>
      memberHosts.map((host) => `${id} ${host}: ${unitProcesses(lab, host, unit).join(' ') || 'none'}`),
    )
    .join(', ');
}

/** What an observed site must not change: engine services, foreign units, storage beside the engine's own, the balancer. */
async function inventories(lab: LabLayout): Promise<Record<string, string>> {
  const units = labClusters.map(({ unit }) => unit).join(' ');
  const shares = labClusters.map(({ share }) => `/share/${share}`).join(' ');
  const member = [
    `systemctl show -p Id -p MainPID -p ExecMainStartTimestampMonotonic -p DropInPaths -p Restart -p ExecCondition -p UnitFileState ${units}`,
    "find /etc/systemd/system -not -name 'ixha-*' \\( -type f -o -type l \\) -exec ls -ld --time-style=+%s {} + | sort",
    `find ${shares} -maxdepth 1 -name .ixha`,
    'ls /run/ixha/*/deadline 2>/dev/null || true',
  ].join('; ');
  const entries = await Promise.all([
    ...memberHosts.map(async (host) => [host, await onHost(lab, host, member)] as const),
    (async () =>
      [
        'lb',
        await onHost(lab, 'lb', 'ls -l --time-style=+%s /etc/haproxy; systemctl is-active haproxy || true'),
      ] as const)(),
  ]);
  return Object.fromEntries(entries);
}

function expectSame(when: string, before: unknown, after: unknown): void {
  const [one, other] = [JSON.stringify(before, null, 1), JSON.stringify(after, null, 1)];
  if (one !== other) throw new Error(`${when}: it was\n${one}\nand is\n${other}`);
}

/** Waits until traffic goes on as it should, one Active in each cluster. */
async function settle(lab: LabLayout, traffic: Traffic): Promise<void> {
  const from = bootMs();
  const settled = async () => {
    await traffic.hurry();
    return isSettled(lab, traffic, from);
  };
  await until('settled', settled, { deadlineMs: 90_000, everyMs: 300 });
}

async function expectGateShut(lab: LabLayout): Promise<void> {
  const other = memberHosts.find((host) => host !== running)!;
  for (const { unit } of labClusters) {
    await onHost(lab, other, `systemctl start ${unit}; sleep 1; ! systemctl is-active --quiet ${unit}`);
  }
}
