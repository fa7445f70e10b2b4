import { randomBytes, timingSafeEqual } from 'node:crypto';

const lifetimeMs = 3600_000;
const keptSessions = 100;

/** Logins of the API: one cookie each, forgotten after an hour. */
export class ApiSessions {
  readonly cookieName = `IguanaSession-${randomBytes(4).toString('hex')}`;
  readonly #sessions = new Map<string, number>();
  readonly #user: string;
  readonly #password: string;
  readonly #bootMs: () => number;

  constructor(user: string, password: string, bootMs: () => number) {
    this.#user = user;
    this.#password = password;
    this.#bootMs = bootMs;
  }

  /** The value of a new cookie, or undefined when name or password are wrong. */
  logIn(user: string, password: string): string | undefined {
    if (user !== this.#user || !sameText(password, this.#password)) return undefined;
    const token = randomBytes(18).toString('base64url');
    this.#sessions.set(token, this.#bootMs() + lifetimeMs);
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size > keptSessions && oldest !== undefined) this.#sessions.delete(oldest);
    return token;
  }

  /** Reads the `Cookie` header. */
  isLoggedIn(cookieHeader: string | undefined): boolean {
    const prefix = `${this.cookieName}=`;
    const cookie = (cookieHeader ?? '').split(/; */).find((part) => part.startsWith(prefix));
    const until = cookie === undefined ? undefined : this.#sessions.get(cookie.slice(prefix.length));
    return until !== undefined && this.#bootMs() < until;
  }
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
