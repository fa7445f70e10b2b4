/**
 * How the browser is started: one window without tabs, its own empty profile, and nothing of its own to
 * say to the outside. Names do not resolve at all in it, so even a forgotten background service cannot
 * reach another machine; the console itself is addressed by number.
 *
 * As root Chromium refuses to run with its sandbox. The window then shows only our loopback page.
 */
export function windowArguments(options: {
  readonly address: string;
  readonly userDataDirectory: string;
  readonly asRoot: boolean;
}): string[] {
  return [
    `--app=${options.address}`,
    `--user-data-dir=${options.userDataDirectory}`,
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-pings',
    '--remote-debugging-pipe',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-component-extensions-with-background-pages',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-sync',
    '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,DialMediaRouteProvider',
    '--metrics-recording-only',
    '--password-store=basic',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ...(options.asRoot ? ['--no-sandbox'] : []),
  ];
}

/** The session of the window, as the console's own answers would set it. */
export interface WindowCookie {
  readonly name: string;
  readonly value: string;
  /** Address it is for: this console's, by number and port. */
  readonly url: string;
}

/** The message of Chromium's debugging pipe that sets the cookie: JSON, ended by a zero byte. */
export function cookieMessage(cookie: WindowCookie): string {
  const cookies = [{ ...cookie, httpOnly: true, sameSite: 'Strict' }];
  return `${JSON.stringify({ id: 1, method: 'Storage.setCookies', params: { cookies } })}\0`;
}
