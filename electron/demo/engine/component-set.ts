import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Component } from './component.ts';
import type { Faults } from './faults.ts';

/** Components are switched in batches, with a pause between two. */
const batchSize = 20;
const batchPauseMs = 1000;
const keptJobs = 200;

export interface SwitchAnswer {
  readonly switched: readonly string[];
  readonly skipped: readonly string[];
  readonly errors: readonly string[];
  readonly jobId: string | undefined;
}

interface Job {
  running: boolean;
  error: string | undefined;
}

export interface ComponentSetOptions {
  readonly components: readonly Component[];
  readonly maxComponents: number;
  readonly faults: Faults;
  readonly say: (line: string) => void;
}

/** All components of the engine and the jobs that switch them. */
export class ComponentSet {
  readonly #options: ComponentSetOptions;
  readonly #jobs = { start: new Map<string, Job>(), stop: new Map<string, Job>() };

  constructor(options: ComponentSetOptions) {
    this.#options = options;
  }

  get all(): readonly Component[] {
    return this.#options.components;
  }

  /** Begins to start what is off. The failure (licence, safe mode) concerns the whole request. */
  start(wanted: readonly string[], tracked: boolean): Result<SwitchAnswer, string> {
    const refused = this.#refusal(wanted.length);
    if (refused !== undefined) return fail(`Could not start components. ${refused}`);
    const found = this.#pick(wanted, (component) =>
      component.isOn() ? `Component ${component.name} is already running.` : undefined,
    );
    return succeed(this.#begin('start', found, tracked, async (component) => component.start()));
  }

  stop(wanted: readonly string[], tracked: boolean): SwitchAnswer {
    const found = this.#pick(wanted, (component) =>
      component.isOn() ? undefined : `Component ${component.name} is not running.`,
    );
    return this.#begin('stop', found, tracked, async (component) => {
      await component.stop();
      return succeed(undefined);
    });
  }

  /** Whether a tracked job still runs; a finished one is forgotten once this has been told. */
  check(kind: 'start' | 'stop', jobId: string): Result<boolean, string> {
    const job = this.#jobs[kind].get(jobId);
    if (!job) return fail(`No component ${kind} job found.`);
    if (job.running) return succeed(true);
    this.#jobs[kind].delete(jobId);
    return job.error === undefined ? succeed(false) : fail(job.error);
  }

  /** Stops everything that is on, all at the same time. */
  async stopAll(): Promise<void> {
    await Promise.all(this.all.map((component) => component.stop()));
  }

  #refusal(more: number): string | undefined {
    const { faults, maxComponents } = this.#options;
    if (faults.is('safe-mode')) return 'The engine is in safe mode.';
    const running = this.all.filter((component) => component.isOn()).length;
    const allowed = faults.is('licence-exceeded') ? 0 : maxComponents;
    return running + more > allowed ? `The license allows ${allowed} running components.` : undefined;
  }

  #pick(wanted: readonly string[], objection: (component: Component) => string | undefined) {
    const found = { good: [] as Component[], skipped: [] as string[], errors: [] as string[] };
    for (const nameOrGuid of wanted) {
      const component = this.all.find(({ guid, name }) => guid === nameOrGuid || name === nameOrGuid);
      const problem = component ? objection(component) : `No component exists with name or id ${nameOrGuid}`;
      if (component && problem === undefined) found.good.push(component);
      else {
        found.skipped.push(component?.guid ?? nameOrGuid);
        found.errors.push(problem ?? '');
      }
    }
    return found;
  }

  #begin(
    kind: 'start' | 'stop',
    found: { good: Component[]; skipped: string[]; errors: string[] },
    tracked: boolean,
    act: (component: Component) => Promise<Result<void, string>>,
  ): SwitchAnswer {
    const { good, skipped, errors } = found;
    const switched = good.map((component) => component.guid);
    if (good.length === 0) return { switched, skipped, errors, jobId: undefined };
    const jobId = randomUUID().slice(0, 8);
    const job: Job = { running: true, error: undefined };
    const jobs = this.#jobs[kind];
    jobs.set(jobId, job);
    const oldest = jobs.keys().next().value;
    if (jobs.size > keptJobs && oldest !== undefined) jobs.delete(oldest);
    void this.#work(good, job, act).then(() => tracked || jobs.delete(jobId));
    return { switched, skipped, errors, jobId };
  }

  async #work(good: Component[], job: Job, act: (component: Component) => Promise<Result<void, string>>) {
    for (let at = 0; at < good.length; at += batchSize) {
      if (at > 0) await delay(batchPauseMs);
      const results = await Promise.all(good.slice(at, at + batchSize).map(act));
      for (const result of results) {
        if (!result.ok) job.error = result.error;
      }
    }
    job.running = false;
    if (job.error !== undefined) this.#options.say(job.error);
  }
}
