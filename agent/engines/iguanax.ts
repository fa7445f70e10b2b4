/**
 * Adapter for IguanaX's HTTP API. Its habits, as documented or seen: answers are HTTP 200 with
 * `{"success":false,"error":…}` on failure, also when not logged in; unknown paths answer a 200 HTML page. So
 * an answer counts only as JSON with `success: true` and the expected field.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineAdapter, EngineComponents } from './engine-adapter.ts';
import { openEngineHttp, type EngineHttp } from './engine-http.ts';

const Component = z.object({
  guid: z.string(),
  name: z.string(),
  light: z.string(),
  error_count: z.optional(z.number()),
  queue_count: z.optional(z.number()),
  mps_in: z.optional(z.number()),
  received: z.optional(z.number()),
});
type Component = z.infer<typeof Component>;
const ComponentList = z.object({ component_data: z.array(Component) });
/** Without a job there was nothing left to switch. */
const Job = z.object({ job_id: z.optional(z.union([z.string(), z.number()])) });
/** More names than this make no sentence. */
const namesTold = 5;
const JobState = z.object({ running: z.boolean() });

export interface IguanaXOptions {
  readonly port: number;
  readonly user: string;
  readonly passwordFile: string;
  readonly pollers: readonly string[];
}

export class IguanaX implements EngineAdapter {
  private readonly options: IguanaXOptions;
  private readonly http: EngineHttp;
  private cookie = '';
  private version: string | null = null;

  constructor(options: IguanaXOptions) {
    this.options = options;
    this.http = openEngineHttp(options.port);
  }

  async look(limitMs: number): Promise<Result<EngineComponents, string>> {
    const startedMs = performance.now();
    const listed = await this.list(limitMs);
    if (!listed.ok) return listed;
    const answersInMs = Math.round(performance.now() - startedMs);
    this.version ??= await readVersion(this.http, limitMs);
    return succeed(count(listed.value, (component) => this.isPoller(component), this.version, answersInMs));
  }

  async switchComponents(
    which: 'listeners' | 'pollers',
    on: boolean,
    limitMs: number,
  ): Promise<Result<string, string>> {
    const listed = await this.list(limitMs);
    if (!listed.ok) return listed;
    const chosen = listed.value.filter(
      (component) => this.isPoller(component) === (which === 'pollers') && (component.light === 'OFF') === on,
    );
    if (chosen.length === 0) return succeed(`all were ${on ? 'on' : 'off'} already`);
    const verb = on ? 'start' : 'stop';
    const components = JSON.stringify(chosen.map((component) => component.guid));
    const job = await this.call(`/component/${verb}`, { components, tracked: 'true' }, Job, limitMs);
    if (!job.ok) return job;
    if (job.value.job_id === undefined) return this.proveSwitched(chosen, on, limitMs);
    const done = await this.awaitJob(verb, String(job.value.job_id), limitMs);
    return done.ok ? this.proveSwitched(chosen, on, limitMs) : done;
  }

  /** A job that has ended says nothing about each component: they are looked at again. */
  private async proveSwitched(
    chosen: readonly Component[],
    on: boolean,
    limitMs: number,
  ): Promise<Result<string, string>> {
    const listed = await this.list(limitMs);
    if (!listed.ok) return listed;
    const left = chosen.filter(({ guid }) => {
      const now = listed.value.find((component) => component.guid === guid);
      return now !== undefined && (now.light === 'OFF') === on;
    });
    if (left.length === 0) return succeed(`${chosen.length} switched ${on ? 'on' : 'off'}`);
    const names = left.slice(0, namesTold).map(({ name }) => name);
    const more = left.length > namesTold ? ` and ${left.length - namesTold} more` : '';
    return fail(
      `${left.length} of ${chosen.length} did not switch ${on ? 'on' : 'off'}: ${names.join(', ')}${more}`,
    );
  }

  private isPoller(component: Component): boolean {
    return this.options.pollers.includes(component.name);
  }

  private async list(limitMs: number): Promise<Result<readonly Component[], string>> {
    const listed = await this.call('/component/list', {}, ComponentList, limitMs);
    return listed.ok ? succeed(listed.value.component_data) : listed;
  }

  /** One call, logged in again when the session has ended. */
  private async call<Schema extends z.ZodMiniType>(
    path: string,
    form: Record<string, string>,
    schema: Schema,
    limitMs: number,
  ): Promise<Result<z.infer<Schema>, string>> {
    let answer = await this.post(path, form, limitMs);
    if (!answer.ok && /not authenticated|not logged in/i.test(answer.error)) {
      const login = await this.logIn(limitMs);
      answer = login.ok ? await this.post(path, form, limitMs) : login;
    }
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(answer.value);
    return parsed.success ? succeed(parsed.data) : fail(`${path} answers without the expected fields`);
  }

  private async post(
    path: string,
    form: Record<string, string>,
    limitMs: number,
  ): Promise<Result<unknown, string>> {
    const reply = await this.http.post(path, form, this.cookie, limitMs);
    return reply.ok ? unwrap(path, reply.value.text) : reply;
  }

  private async logIn(limitMs: number): Promise<Result<void, string>> {
    let password: string;
    try {
      password = readFileSync(this.options.passwordFile, 'utf8').trim();
    } catch {
      return fail('the file with the password of the engine account cannot be read');
    }
    const reply = await this.http.post(
      '/session/login',
      { username: this.options.user, password },
      '',
      limitMs,
    );
    if (!reply.ok) return reply;
    const accepted = unwrap('/session/login', reply.value.text);
    if (!accepted.ok) return fail(`the engine refuses the log-in: ${accepted.error}`);
    this.cookie = reply.value.cookie ?? '';
    return this.cookie === '' ? fail('the engine gave no session at the log-in') : succeed(undefined);
  }

  private async awaitJob(verb: string, job: string, limitMs: number): Promise<Result<void, string>> {
    const until = performance.now() + limitMs;
    while (performance.now() < until) {
      const state = await this.call(`/component/${verb}/check`, { job_id: job }, JobState, limitMs);
      if (!state.ok) return state;
      if (!state.value.running) return succeed(undefined);
      await pause(25);
    }
    return fail(`its components did not ${verb} within ${limitMs / 1000} s`);
  }
}

/** Takes the payload out of an answer: beside `success`, or under `data` as newer versions put it. */
function unwrap(path: string, text: string): Result<unknown, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail(`${path} answers a page instead of data`);
  }
  if (typeof parsed !== 'object' || parsed === null)
    return fail(`${path} answers without the expected fields`);
  const body = parsed as { success?: unknown; error?: unknown; data?: unknown };
  if (body.success !== true)
    return fail(typeof body.error === 'string' ? body.error : `${path} answers without success`);
  return succeed(typeof body.data === 'object' && body.data !== null ? { ...body, ...body.data } : body);
}

async function readVersion(http: EngineHttp, limitMs: number): Promise<string | null> {
  const reply = await http.post('/iguana/version', {}, '', limitMs);
  if (!reply.ok) return null;
  const found = /"version"\s*:\s*"([^"]{1,40})"/.exec(reply.value.text);
  return found?.[1] ?? null;
}

function count(
  components: readonly Component[],
  isPoller: (component: Component) => boolean,
  version: string | null,
  answersInMs: number,
): EngineComponents {
  const pollers = components.filter(isPoller);
  const rest = components.filter((component) => !isPoller(component));
  const running = (component: Component) => component.light !== 'OFF' && component.light !== 'UNKNOWN';
  const sum = (read: (component: Component) => number | undefined) =>
    components.reduce((total, component) => total + (read(component) ?? 0), 0);
  return {
    total: rest.length,
    on: rest.filter(running).length,
    inError: components.filter((component) => component.light === 'RED').length,
    pollersTotal: pollers.length,
    pollersOn: pollers.filter(running).length,
    queued: sum((component) => component.queue_count),
    messagesPerSecond: sum((component) => component.mps_in),
    received: components.some((component) => component.received !== undefined)
      ? sum((component) => component.received)
      : null,
    version,
    answersInMs,
  };
}
