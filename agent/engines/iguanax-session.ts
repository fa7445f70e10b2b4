/**
 * Calls to IguanaX's API within a session. Its habits, as documented or seen: answers are HTTP 200 with
 * `{"success":false,"error":…}` on failure, also when not logged in; unknown paths answer a 200 HTML page. So an
 * answer counts only as JSON with `success: true` and the expected field.
 */
import type * as z from 'zod/mini';
import { engineTrouble, troubleOfRefusal, type EngineTrouble } from '../../shared/engine/engine-trouble.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineHttp } from './engine-http.ts';

export interface IguanaXAccount {
  readonly user: string;
  /** Asked anew for every log-in; null: it cannot be read. */
  readonly password: () => string | null;
}

export type Answer<Value> = Result<Value, EngineTrouble>;

export class IguanaXSession {
  private readonly http: EngineHttp;
  private readonly account: IguanaXAccount;
  private cookie = '';

  constructor(http: EngineHttp, account: IguanaXAccount) {
    this.http = http;
    this.account = account;
  }

  /** One call, logged in again when the session has ended. */
  async call<Schema extends z.ZodMiniType>(
    path: string,
    form: Record<string, string>,
    schema: Schema,
    limitMs: number,
  ): Promise<Answer<z.infer<Schema>>> {
    const answer = await this.raw(path, form, limitMs);
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(answer.value);
    if (parsed.success) return succeed(parsed.data);
    return fail(engineTrouble('unexpected-form', `${path} answers without the expected fields`));
  }

  /** The same without an expectation of its fields. */
  async raw(path: string, form: Record<string, string>, limitMs: number): Promise<Answer<object>> {
    const answer = await this.post(path, form, limitMs);
    if (answer.ok || !notLoggedIn(answer.error)) return answer;
    const login = await this.logIn(limitMs);
    return login.ok ? this.post(path, form, limitMs) : login;
  }

  private async post(path: string, form: Record<string, string>, limitMs: number): Promise<Answer<object>> {
    const headers: Record<string, string> = this.cookie === '' ? {} : { cookie: this.cookie };
    const reply = await this.http.ask({ method: 'POST', path, form, headers, limitMs });
    return reply.ok ? unwrap(path, reply.value.text) : reply;
  }

  private async logIn(limitMs: number): Promise<Answer<void>> {
    const password = this.account.password();
    if (password === null) {
      const seen = 'the file with the password of the engine account cannot be read';
      return fail(engineTrouble('password-unreadable', seen));
    }
    const path = '/session/login';
    const form = { username: this.account.user, password };
    const reply = await this.http.ask({ method: 'POST', path, form, limitMs });
    if (!reply.ok) return reply;
    const accepted = unwrap(path, reply.value.text);
    if (!accepted.ok) return fail(refusedLogin(accepted.error, password));
    this.cookie = reply.value.cookie ?? '';
    if (this.cookie !== '') return succeed(undefined);
    return fail(engineTrouble('no-session', 'the engine gave no session at the log-in'));
  }
}

function notLoggedIn({ code, seen }: EngineTrouble): boolean {
  return code === 'call-refused' && /not authenticated|not logged in/i.test(seen);
}

/** An engine that repeats what it was sent must not bring the password into a journal. */
function refusedLogin(trouble: EngineTrouble, password: string): EngineTrouble {
  if (trouble.code !== 'call-refused') return trouble;
  const words = password === '' ? trouble.seen : trouble.seen.replaceAll(password, '…');
  return engineTrouble('login-refused', `the engine refuses the log-in: ${words}`);
}

/** Longer words of an engine's failure make no sentence. */
const wordsTold = 200;

/** Takes the payload out of an answer: beside `success`, or under `data` as newer versions put it. */
export function unwrap(path: string, text: string): Answer<object> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail(noData(path, text));
  }
  if (typeof parsed !== 'object' || parsed === null)
    return fail(engineTrouble('unexpected-form', `${path} answers without the expected fields`));
  const body = parsed as { success?: unknown; error?: unknown; data?: unknown };
  if (body.success === true)
    return succeed(typeof body.data === 'object' && body.data !== null ? { ...body, ...body.data } : body);
  if (typeof body.error === 'string') return fail(troubleOfRefusal(body.error.slice(0, wordsTold)));
  return fail(engineTrouble('unexpected-form', `${path} answers without success`));
}

function noData(path: string, text: string): EngineTrouble {
  if (text.trim() === '') return engineTrouble('not-json', `${path} answers nothing`);
  if (/^\s*</.test(text)) return engineTrouble('page-instead', `${path} answers a page instead of data`);
  return engineTrouble('not-json', `${path} answers no data that can be read`);
}
