/** Adapter for IguanaX's HTTP API. How its answers are to be read is in iguanax-session.ts. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { countComponents, isOn, nameList, type ComponentState } from '../../shared/engine/component-state.ts';
import { engineTrouble, type EngineTrouble } from '../../shared/engine/engine-trouble.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { probeCapabilities, untriedCapabilities } from './capability-probe.ts';
import type { EngineAdapter, EngineComponents, EngineDiagnosis } from './engine-adapter.ts';
import { openEngineHttp, type EngineHttp } from './engine-http.ts';
import { ComponentList, componentState } from './iguanax-components.ts';
import { IguanaXSession, unwrap, type Answer } from './iguanax-session.ts';
import { MovementWatch } from './movement-watch.ts';

/** Without a job there was nothing left to switch, or all of it was refused. */
const Job = z.object({
  job_id: z.optional(z.union([z.string(), z.number()])),
  errors: z.optional(z.catch(z.array(z.string()), [])),
});
const JobState = z.object({ running: z.boolean() });
const Version = z.object({ version: z.string().check(z.minLength(1), z.maxLength(40)) });

/** A job is asked about this often: an engine starts twenty components a second. */
const jobLookMs = 25;

export interface IguanaXOptions {
  readonly port: number;
  readonly user: string;
  readonly passwordFile: string;
  readonly pollers: readonly string[];
}

export class IguanaX implements EngineAdapter {
  private readonly options: IguanaXOptions;
  private readonly http: EngineHttp;
  private readonly session: IguanaXSession;
  private readonly movement = new MovementWatch();
  private version: string | null = null;
  private leftOff: ReadonlySet<string> = new Set();
  private components: readonly ComponentState[] | null = null;
  private capabilities = untriedCapabilities();
  /** Connected: the calls of this process of the engine were tried. */
  private connected = false;
  private lookTrouble: EngineTrouble | null = null;
  private movementTrouble: EngineTrouble | null = null;
  /** Why components could not be started; true until one of them is on. */
  private startTrouble: EngineTrouble | null = null;

  constructor(options: IguanaXOptions) {
    this.options = options;
    this.http = openEngineHttp(options.port);
    this.session = new IguanaXSession(this.http, {
      user: options.user,
      password: () => passwordIn(options.passwordFile),
    });
  }

  leaveOff(names: readonly string[]): void {
    this.leftOff = new Set(names);
  }

  async look(limitMs: number): Promise<Result<EngineComponents, string>> {
    const startedMs = performance.now();
    const listed = await this.list(limitMs);
    if (!listed.ok) {
      this.lost(listed.error);
      return fail(listed.error.seen);
    }
    const answersInMs = Math.round(performance.now() - startedMs);
    const { components, perSecond } = listed.value;
    this.found(components);
    await this.connect(limitMs);
    const counts = countComponents(components, this.leftOff);
    return succeed({ ...counts, messagesPerSecond: perSecond, version: this.version, answersInMs });
  }

  diagnosis(): EngineDiagnosis {
    const { components, capabilities, lookTrouble } = this;
    const found = components === null ? [] : componentTroubles(components, this.leftOff);
    const started = this.startTrouble?.code;
    // Why they are off is said once, by the cause.
    const other = started === undefined ? found : found.filter(({ code }) => code !== 'components-off');
    const troubles = [lookTrouble, this.startTrouble, this.movementTrouble, ...other];
    return { troubles: troubles.filter((trouble) => trouble !== null), capabilities, components };
  }

  async switchComponents(
    which: 'listeners' | 'pollers',
    on: boolean,
    limitMs: number,
  ): Promise<Result<string, string>> {
    const listed = await this.list(limitMs);
    if (!listed.ok) return fail(listed.error.seen);
    const concerned = listed.value.components.filter(
      (component) => component.poller === (which === 'pollers') && this.mayBeSwitched(component, on),
    );
    const chosen = concerned.filter((component) => (component.light === 'off') === on);
    const left = this.leftOffSentence(listed.value.components, which, on);
    if (chosen.length === 0) {
      const names = concerned.length === 0 ? '' : `: ${nameList(concerned.map(({ name }) => name))}`;
      return succeed(`all were ${on ? 'on' : 'off'} already${names}${left}`);
    }
    const switched = await this.switch(chosen, on, limitMs);
    if (on) this.startTrouble = startTroubleOf(switched);
    return switched.ok ? succeed(`${switched.value}${left}`) : fail(switched.error.seen);
  }

  private mayBeSwitched(component: ComponentState, on: boolean): boolean {
    return !on || isOn(component) || !this.leftOff.has(component.name);
  }

  private leftOffSentence(components: readonly ComponentState[], which: string, on: boolean): string {
    const names = components
      .filter((component) => component.poller === (which === 'pollers') && !this.mayBeSwitched(component, on))
      .map(({ name }) => name);
    return names.length === 0 ? '' : `; left off, as a person wants: ${nameList(names)}`;
  }

  private async switch(
    chosen: readonly ComponentState[],
    on: boolean,
    limitMs: number,
  ): Promise<Answer<string>> {
    const verb = on ? 'start' : 'stop';
    const components = JSON.stringify(chosen.map((component) => component.guid));
    const job = await this.session.call(`/component/${verb}`, { components, tracked: 'true' }, Job, limitMs);
    this.noteUse(`/component/${verb}`, job);
    if (!job.ok) return job;
    if (job.value.job_id === undefined) return this.proveSwitched(chosen, on, limitMs, job.value.errors?.[0]);
    const done = await this.awaitJob(verb, String(job.value.job_id), limitMs);
    return done.ok ? this.proveSwitched(chosen, on, limitMs) : done;
  }

  /** A job that has ended says nothing about each component: they are looked at again. */
  private async proveSwitched(
    chosen: readonly ComponentState[],
    on: boolean,
    limitMs: number,
    why = '',
  ): Promise<Answer<string>> {
    const listed = await this.list(limitMs);
    if (!listed.ok) return listed;
    const left = chosen.filter(({ guid }) => {
      const now = listed.value.components.find((component) => component.guid === guid);
      return now !== undefined && (now.light === 'off') === on;
    });
    const word = on ? 'on' : 'off';
    if (left.length === 0)
      return succeed(`${chosen.length} switched ${word}: ${nameList(chosen.map(({ name }) => name))}`);
    const names = nameList(left.map(({ name }) => name));
    const words = why === '' ? '' : ` (${why})`;
    const seen = `${left.length} of ${chosen.length} did not switch ${word}: ${names}${words}`;
    return fail(engineTrouble('call-refused', seen));
  }

  private async awaitJob(verb: string, job: string, limitMs: number): Promise<Answer<void>> {
    const until = performance.now() + limitMs;
    while (performance.now() < until) {
      const state = await this.session.call(`/component/${verb}/check`, { job_id: job }, JobState, limitMs);
      if (!state.ok) return state;
      if (!state.value.running) return succeed(undefined);
      await pause(jobLookMs);
    }
    return fail(engineTrouble('api-silent', `its components did not ${verb} within ${limitMs / 1000} s`));
  }

  private async list(
    limitMs: number,
  ): Promise<Answer<{ readonly components: readonly ComponentState[]; readonly perSecond: number }>> {
    const listed = await this.session.call('/component/list', {}, ComponentList, limitMs);
    if (!listed.ok) return listed;
    const entries = listed.value.component_data;
    return succeed({
      components: entries.map((entry) => componentState(entry, this.options.pollers)),
      perSecond: entries.reduce((sum, entry) => sum + (entry.mps_in ?? 0), 0),
    });
  }

  private found(components: readonly ComponentState[]): void {
    this.lookTrouble = null;
    this.components = components;
    this.movementTrouble = this.movement.look(components, performance.now());
    if (components.some((component) => !component.poller && isOn(component))) this.startTrouble = null;
  }

  private lost(trouble: EngineTrouble): void {
    this.lookTrouble = trouble;
    this.components = null;
    this.movementTrouble = null;
    this.movement.forget();
    // Another process, perhaps of another version, may answer next.
    if (trouble.code === 'port-closed') this.connected = false;
  }

  /** Reads the version, then tries the known calls beside the look, which does not wait for them. */
  private async connect(limitMs: number): Promise<void> {
    if (this.connected) return;
    this.connected = true;
    this.version = await this.readVersion(limitMs);
    void probeCapabilities(this.http, this.session, limitMs).then((found) => {
      const used = (call: string) =>
        this.capabilities.find((known) => known.call === call && known.present !== null);
      this.capabilities = found.map((one) => (one.present === null ? (used(one.call) ?? one) : one));
    });
  }

  private async readVersion(limitMs: number): Promise<string | null> {
    const path = '/iguana/version';
    const reply = await this.http.ask({ method: 'GET', path, limitMs });
    if (!reply.ok) return null;
    const answer = unwrap(path, reply.value.text);
    const parsed = Version.safeParse(answer.ok ? answer.value : undefined);
    return parsed.success ? parsed.data.version : null;
  }

  private noteUse(call: string, answer: Answer<object>): void {
    const shape = answer.ok ? Object.keys(answer.value).join(', ') : answer.error.seen;
    const missing = !answer.ok && answer.error.code === 'page-instead';
    this.capabilities = this.capabilities.map((one) =>
      one.call === call ? { ...one, present: !missing, shape: missing ? 'a page' : `used: ${shape}` } : one,
    );
  }
}

/** Read anew for every log-in, so that a changed password needs no restart; a small file of this server. */
function passwordIn(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Only a cause that the engine itself has told outlasts the attempt. */
function startTroubleOf(switched: Answer<string>): EngineTrouble | null {
  if (switched.ok) return null;
  return ['safe-mode', 'licence-exceeded'].includes(switched.error.code) ? switched.error : null;
}

function componentTroubles(
  components: readonly ComponentState[],
  leftOff: ReadonlySet<string>,
): EngineTrouble[] {
  const troubles: EngineTrouble[] = [];
  const wanted = components.filter((component) => !component.poller && !leftOff.has(component.name));
  if (wanted.length > 0 && !wanted.some(isOn)) {
    troubles.push(engineTrouble('components-off', `none of its ${wanted.length} components is on`));
  }
  const inError = components.filter((component) => component.light === 'error');
  if (inError.length > 0) {
    const names = nameList(inError.map(({ name }) => name));
    troubles.push(engineTrouble('component-errors', `in error: ${names}`));
  }
  return troubles;
}
