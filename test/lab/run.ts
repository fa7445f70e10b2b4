import { mkdirSync } from 'node:fs';
import { availableParallelism, loadavg, release as kernelVersion } from 'node:os';
import type { RunResults } from './fault-table.ts';
import { labUp, labWipe } from './hosts/lab.ts';
import { hostNames, type LabLayout } from './hosts/layout.ts';
import { leftoversOf } from './hosts/leftovers.ts';
import { holdLock } from './hosts/lock.ts';
import type { Check, Verdict } from './judge/verdict.ts';
import { closing, table, writeResults } from './report.ts';
import { checkLab } from './self-check.ts';
import { LabSession, siteReady } from './session.ts';
import { scenarios } from './scenarios/all-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { takeDownNow } from './take-down-now.ts';

export interface RunOptions {
  /** Folder for results and evidence. */
  readonly out: string | undefined;
  /** Leave the hosts running at the end. */
  readonly keep: boolean;
  /** Take the hosts and the site that a run with `keep` left. */
  readonly reuse: boolean;
}

/** Runs scenarios on new hosts, prints one table and returns the exit code. */
export async function runScenarios(
  lab: LabLayout,
  names: readonly string[],
  options: RunOptions,
): Promise<number> {
  const wanted = pick(names);
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n`);
    return 2;
  }
  if (options.out !== undefined) mkdirSync(options.out, { recursive: true });
  // One run at a time for each lab number; a second one waits.
  const release = await holdLock(lockFile(lab));
  const leave = () => {
    takeDownNow(lab);
    process.exit(130);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const verdicts: Verdict[] = [];
  const session = new LabSession(lab, options, tell);
  const started = performance.now();
  // After each scenario, so that a run that is broken off leaves what it has seen.
  const writeDown = () => {
    if (options.out !== undefined) writeResults(options.out, verdicts, circumstancesOf(wanted, started));
  };
  try {
    for (const scenario of wanted) {
      const hopeless = verdicts.some((one) => one.scenario === siteReady && one.outcome === 'failed');
      const over = performance.now() - started > totalLimitMs(wanted.length);
      if (over) verdicts.push(notReached(scenario));
      else verdicts.push(...(hopeless ? [skipped(scenario)] : await judgeOne(session, scenario)));
      writeDown();
    }
    if (session.isOpen()) verdicts.push(await session.judgeDelivery());
  } finally {
    await session.end();
    if (!options.keep) verdicts.push(await takeDown(lab));
    process.off('SIGINT', leave).off('SIGTERM', leave);
    release();
  }
  writeDown();
  process.stdout.write(`\n${table(verdicts)}\n\n${closing(verdicts).join('\n')}\n`);
  return verdicts.some((verdict) => verdict.outcome === 'failed') ? 1 : 0;
}

/** Makes a site first where there is none. */
async function judgeOne(session: LabSession, scenario: Scenario): Promise<Verdict[]> {
  if (session.suits(scenario)) return [await session.judge(scenario)];
  // What was acknowledged on the site before must have arrived.
  const delivered = session.isOpen() ? [await session.judgeDelivery()] : [];
  const site = await session.open(scenario.store);
  return [...delivered, site, site.outcome === 'passed' ? await session.judge(scenario) : skipped(scenario)];
}

function circumstancesOf(wanted: readonly Scenario[], started: number): RunResults['circumstances'] {
  return {
    scenarios: wanted.map((scenario) => scenario.name).join(' '),
    date: new Date().toISOString().slice(0, 10),
    minutes: Math.round((performance.now() - started) / 6_000) / 10,
    cores: availableParallelism(),
    Linux: kernelVersion(),
    'load at the end': loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  };
}

/** For a whole run: a scenario takes 25 s, a new site 60 s. What is not reached by then has failed, not passed. */
function totalLimitMs(scenarioCount: number): number {
  return 300_000 + scenarioCount * 60_000;
}

function notReached(scenario: Scenario): Verdict {
  return {
    ...skipped(scenario),
    outcome: 'failed',
    because: 'the run was over its time before it came to this',
  };
}

function skipped({ name, fault }: Scenario): Verdict {
  const because = 'there was no site';
  return { scenario: name, fault, outcome: 'skipped', tookMs: 0, clusters: [], checks: [], because };
}

/** Tries every fault of the lab on hosts without engines; exit code 1 when one is not what it should be. */
export async function checkHosts(lab: LabLayout): Promise<number> {
  const release = await holdLock(lockFile(lab));
  const started = performance.now();
  let checks: Check[];
  let left: Verdict;
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    checks = await checkLab(lab);
  } finally {
    left = await takeDown(lab);
    release();
  }
  for (const { what, ok, seen } of [...checks, ...left.checks])
    tell(`${ok ? 'ok    ' : 'NOT OK'} ${what}: ${seen}`);
  const good = left.outcome === 'passed' && checks.every((check) => check.ok);
  tell(`lab check: ${good ? 'passed' : 'failed'} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return good ? 0 : 1;
}

function lockFile(lab: LabLayout): string {
  return `${lab.cache}/lab${lab.id}.lock`;
}

function pick(names: readonly string[]): readonly Scenario[] | string {
  if (names.length === 0) return 'name scenarios, or core, or all; see: list';
  if (names[0] === 'all') return scenarios;
  if (names[0] === 'core') return scenarios.filter((scenario) => scenario.core);
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) return `no such scenario: ${unknown.join(', ')}; see: list`;
  return names.map((name) => scenarios.find((scenario) => scenario.name === name)!);
}

/** The last verdict: a lab that was taken down leaves nothing behind. */
async function takeDown(lab: LabLayout): Promise<Verdict> {
  const started = performance.now();
  await labWipe(lab);
  const left = await leftoversOf(lab);
  return {
    scenario: 'nothing-left-behind',
    fault: null,
    outcome: left.length === 0 ? 'passed' : 'failed',
    tookMs: Math.round(performance.now() - started),
    clusters: [],
    checks: left.map((what) => ({ what: 'left behind', ok: false, seen: what })),
    because: '',
  };
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
