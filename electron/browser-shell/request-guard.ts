/** What of a request decides whether it may be served. */
export interface RequestFacts {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
}

export type Refusal = 'method' | 'host' | 'origin' | 'session';

/** The only name this console answers to; a look-alike that resolves to loopback is refused. */
export function ownHost(port: number): string {
  return `127.0.0.1:${port}`;
}

/** Cookies are not separated by port, so the name is. */
export function sessionCookieName(port: number): string {
  return `ixha-console-${port}`;
}

export function sessionCookie(port: number, session: string): string {
  return `${sessionCookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`;
}

/**
 * Why a request must not be served, before anything of it is looked at; undefined when the sender talks
 * to this very address and, where it names an origin, comes from it. `mustNameOrigin` for WebSockets,
 * which browsers always mark and which no cross-origin rule protects.
 */
export function addressRefusal(
  facts: RequestFacts,
  port: number,
  rule: { readonly mustNameOrigin: boolean },
): Refusal | undefined {
  if (facts.method !== 'GET') return 'method';
  if (facts.host !== ownHost(port)) return 'host';
  if (facts.origin === undefined) return rule.mustNameOrigin ? 'origin' : undefined;
  return facts.origin === `http://${ownHost(port)}` ? undefined : 'origin';
}

/** The session's secret in a Cookie header, if there is exactly one of ours. */
export function sessionInCookie(cookie: string | undefined, port: number): string | undefined {
  const name = sessionCookieName(port);
  const values = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([key]) => key === name)
    .map(([, ...value]) => value.join('='));
  return values.length === 1 ? values[0] : undefined;
}
