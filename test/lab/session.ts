import { run, until, pause } from './hosts/command.ts';
import { hostNames, type LabLayout } from './hosts/layout.ts';
import { sshArguments } from './hosts/ssh.ts';
import { auditHosts, lookAtHosts, secrets, type Baseline } from './judge/audit.ts';
import { saveEvidence } from './judge/evidence.ts';
import { bootMs, engineHosts } from './judge/observe.ts';
import { isSettled, whyNotSettled } from './judge/settled.ts';
import { sightOf, type Beginning } from './judge/sight.ts';
import { Traffic, type TrafficCounters } from './judge/traffic.ts';
import { clusterChecks, storyChecks, type Check, type ClusterSight, type Verdict } from './judge/verdict.ts';
import { restore } from './restore.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { ixha, ixhaExitCode, switchOver } from './site/console-command.ts';
import { labClusters } from './site/lab-site.ts';
import { newSite, type StoreKind } from './site/new-site.ts';
import { openStage } from './stage.ts';

const [wk1, wk2] = labClusters;
/** Name of the verdict on making a site. */
export const siteReady = 'site-ready';

const settleLimitMs = 90_000;
/** The longest that a scenario may take to make its fault and see what it expects, unless it says otherwise. */
const carryOutLimitMs = 120_000;
/** The longest for what comes around it: to bring the site home, to undo, to settle and to judge. */
const aroundLimitMs = 300_000;

/** A site on new hosts, with traffic through it, on which scenarios are judged one after another. */
export class LabSession {
  readonly #lab: LabLayout;
  readonly #out: string | undefined;
  #reuse: boolean;
  readonly #tell: (line: string) => void;
  #traffic: Traffic | undefined;
  #baseline: Baseline | undefined;
  #store: StoreKind = 'witness';
  /** Messages that scenarios on this site were allowed to lose. */
  #mayBeLost = 0;

  constructor(
    lab: LabLayout,
    options: { readonly out: string | undefined; readonly reuse: boolean },
    tell: (line: string) => void,
  ) {
    this.#lab = lab;
    this.#out = options.out;
    this.#reuse = options.reuse;
    this.#tell = tell;
  }

  /** Whether there is a site to judge on. */
  isOpen(): boolean {
    return this.#traffic !== undefined;
  }

  /** Whether the site is one that this scenario asks for; without one, `open` makes it. */
  suits({ store = 'witness' }: Scenario): boolean {
    return this.isOpen() && this.#store === store;
  }

  /** Makes a site, or takes the one that an earlier run left, and waits until it is settled. */
  async open(store: StoreKind = 'witness'): Promise<Verdict> {
    await this.end();
    this.#store = store;
    this.#mayBeLost = 0;
    const started = performance.now();
    const from = bootMs();
    let because = '';
    try {
      if (this.#reuse) await restore(this.#lab);
      else await newSite(this.#lab, store, this.#tell);
      this.#reuse = false; // A site that did not settle is not taken a second time.
      this.#traffic = await Traffic.start(this.#lab);
      await this.#settle(this.#traffic, 'between scenarios');
      this.#baseline = lookAtHosts(this.#lab);
    } catch (error) {
      because = (error as Error).message;
      await this.end();
    }
    return this.#verdict({
      scenario: siteReady,
      fault: null,
      clusters: [],
      checks: [],
      because,
      started,
      from,
    });
  }

  /** Carries out one scenario and judges it. A site that does not settle is given up. */
  async judge(scenario: Scenario): Promise<Verdict> {
    const traffic = this.#traffic;
    if (!traffic) throw new Error('there is no site');
    this.#mayBeLost += scenario.limit?.lost ?? 0;
    const started = performance.now();
    const checks: Check[] = [];
    let clusters: Verdict['clusters'] = [];
    let because = '';
    const from = bootMs();
    const whole = async () => {
      await this.#home(traffic);
      const beginning = await this.#begin(traffic);
      checks.push(...(await this.#carryOut(scenario, traffic, beginning)));
      await this.#settle(traffic, scenario.held ? 'after a held fault' : 'after a fault');
      clusters = await Promise.all([
        sightOf(this.#lab, traffic, wk1, beginning),
        sightOf(this.#lab, traffic, wk2, beginning),
      ]);
      checks.push(...clusters.flatMap((sight) => clusterChecks(scenario, sight)));
      const subject = clusters.find((sight) => sight.cluster === (scenario.subject ?? 'WK1'))!;
      checks.push(...storyChecks(scenario, subject), ...(await this.#audit(clusters)));
    };
    try {
      await within(limitOf(scenario) + aroundLimitMs, 'judged', whole());
    } catch (error) {
      because = `${(error as Error).message}; ${await whyNotSettled(this.#lab, traffic)}`;
    }
    const { name, fault } = scenario;
    const verdict = await this.#verdict({ scenario: name, fault, clusters, checks, because, started, from });
    if (because !== '') await this.end();
    return verdict;
  }

  /** After everything: nothing that was acknowledged may be missing once the queues are empty. */
  async judgeDelivery(): Promise<Verdict> {
    const started = performance.now();
    const checks: Check[] = [];
    let because = '';
    const traffic = this.#traffic;
    try {
      if (!traffic) throw new Error('no site was left to judge');
      await traffic.stopSending();
      const empty = async () => (await traffic.counters()).every((one) => one.pending === 0);
      await until('queues empty', empty, { deadlineMs: 20_000, everyMs: 200 }).catch(() => undefined);
      checks.push(
        ...(await traffic.counters()).map((one) => deliveryCheck(one, this.#mayBeLost)),
        await this.#journalsVerify(),
      );
      checks.push(...(await Promise.all(hostNames.map((host) => secretsInSystemLog(this.#lab, host)))));
    } catch (error) {
      because = (error as Error).message;
    }
    const from = bootMs();
    return this.#verdict({
      scenario: 'all-delivered',
      fault: null,
      clusters: [],
      checks,
      because,
      started,
      from,
    });
  }

  async end(): Promise<void> {
    await this.#traffic?.stop().catch(() => undefined);
    this.#traffic = undefined;
  }

  /** Tells the outcome in a line, and keeps evidence of a failure. */
  async #verdict({
    started,
    from,
    ...rest
  }: Omit<Verdict, 'outcome' | 'tookMs'> & {
    readonly started: number;
    readonly from: number;
  }): Promise<Verdict> {
    const outcome = rest.because === '' && rest.checks.every((check) => check.ok) ? 'passed' : 'failed';
    const tookMs = Math.round(performance.now() - started);
    const verdict: Verdict = { ...rest, outcome, tookMs };
    this.#tell(progressLine(verdict));
    if (outcome === 'failed' && this.#out !== undefined) {
      await saveEvidence(this.#lab, this.#out, rest.scenario, from);
    }
    return verdict;
  }

  /** The scenario with its undoing, within its time. */
  async #carryOut(scenario: Scenario, traffic: Traffic, beginning: Beginning): Promise<readonly Check[]> {
    const { stage, checks, undoAll } = openStage(this.#lab, traffic, beginning);
    try {
      await within(limitOf(scenario), 'carried out', scenario.carryOut(stage));
    } finally {
      await undoAll().finally(() => restore(this.#lab));
    }
    return checks;
  }

  /** Each cluster starts a scenario on its preferred server; a planned switchover brings it there. */
  async #home(traffic: Traffic): Promise<void> {
    await this.#settle(traffic, 'between scenarios');
    const away = labClusters.filter((one) => engineHosts(this.#lab, one)[0] !== one.preferred);
    await Promise.all(away.map((cluster) => switchOver(this.#lab, cluster, cluster.preferred)));
    if (away.length > 0) await this.#settle(traffic, 'between scenarios');
  }

  async #settle(
    traffic: Traffic,
    when: 'after a fault' | 'after a held fault' | 'between scenarios',
  ): Promise<void> {
    const from = bootMs();
    const settled = async () => {
      // Nothing is judged there, so the patient sender need not wait its ten seconds.
      if (when === 'between scenarios') await traffic.hurry();
      return isSettled(this.#lab, traffic, from);
    };
    try {
      if (when === 'after a held fault') {
        // The patient sender connects again only after ten seconds: enough time to look a first time meanwhile.
        const roles = async () => (await ixhaExitCode(this.#lab, ['status'])) === 0;
        await until('roles settled', roles, { deadlineMs: settleLimitMs, everyMs: 300 });
        await pause(5_000);
      }
      await until('settled', settled, { deadlineMs: settleLimitMs, everyMs: 300 });
    } catch {
      throw new Error(`not settled: ${await whyNotSettled(this.#lab, traffic)}`);
    }
  }

  async #begin(traffic: Traffic): Promise<Beginning> {
    await traffic.resetGaps();
    return {
      at: bootMs(),
      active: { WK1: wk1.preferred, WK2: wk2.preferred },
      counters: await traffic.counters(),
    };
  }

  async #journalsVerify(): Promise<Check> {
    const { code, stdout } = await ixha(this.#lab, ['journal', '--limit', '500']);
    return {
      what: 'the journals fit their own chains',
      ok: code === 0,
      seen: `ixha journal ends with ${code}${
        code === 0
          ? ''
          : `: ${stdout
              .split('\n')
              .filter((line) => /^[!?]/.test(line))
              .join('; ')}`
      }`,
    };
  }

  async #audit(clusters: readonly ClusterSight[]): Promise<Check[]> {
    const written = JSON.stringify(clusters.map((sight) => sight.journal));
    const found = secrets.filter((secret) => written.includes(secret));
    return [
      await auditHosts(this.#lab, this.#baseline!),
      await this.#journalsVerify(),
      { what: 'no secret in the journals', ok: found.length === 0, seen: `${found.length} found` },
    ];
  }
}

function limitOf({ limitMs = carryOutLimitMs }: Scenario): number {
  return limitMs;
}

/** The work, or an exception when it takes too long: then the site is given up, and what still runs with it. */
async function within(limitMs: number, what: string, work: Promise<void>): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => reject(new Error(`not ${what} within ${limitMs / 1000} s`)), limitMs);
  await Promise.race([work, tooLong]).finally(() => clearTimeout(limit));
}

/** One line for people who watch the run; the reasons of a failure right below it. */
function progressLine({ outcome, scenario, tookMs, clusters, checks, because }: Verdict): string {
  const downtime = clusters.map((sight) => `${sight.cluster} ${(sight.downtimeMs / 1000).toFixed(2)} s`);
  const figures = [`${(tookMs / 1000).toFixed(1)} s`, ...downtime].join(', ');
  const broken = checks.filter((check) => !check.ok).map(({ what, seen }) => `       ${what}: ${seen}`);
  return [
    `${outcome === 'passed' ? 'ok    ' : 'NOT OK'} ${scenario} (${figures})`,
    ...(because === '' ? [] : [`       ${because}`]),
    ...broken,
  ].join('\n');
}

/** The words go in by a pipe: as arguments they would themselves stand in the log that is searched. */
async function secretsInSystemLog(lab: LabLayout, host: (typeof hostNames)[number]): Promise<Check> {
  const search =
    'words=$(mktemp); cat > "$words"; journalctl --no-pager -o cat | grep -cFf "$words"; rm "$words"';
  const found = await run('ssh', [...sshArguments(lab, host), search], { input: secrets.join('\n') });
  const count = found.stdout.trim();
  return {
    what: `${host}: no secret in the system's log`,
    ok: count === '0',
    seen: `${count || found.stderr} lines`,
  };
}

/** With a limit to what may be lost some may come a second time too: the copy knew nothing of their delivery. */
function deliveryCheck(counters: TrafficCounters, mayBeLost: number): Check {
  const { cluster, acknowledged, pending, lost, outOfOrder, duplicates, resentDuplicates } = counters;
  const unexplained = duplicates - resentDuplicates;
  const named = unexplained > 0 ? ` (${counters.unexplained.join(', ')})` : '';
  return {
    what: `${cluster}: everything acknowledged was delivered once and in order`,
    ok: pending === 0 && lost <= mayBeLost && outOfOrder === 0 && unexplained <= mayBeLost,
    seen: `${acknowledged} acknowledged, ${pending} under way, ${lost} lost, ${outOfOrder} out of order, ${unexplained} duplicates nobody re-sent${named}`,
  };
}
