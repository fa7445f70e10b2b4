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

/**
 * The first page of the window, a private file: the one-time token reaches the browser through it, so
 * that it never stands in a command line that other users of this machine can read.
 */
export function windowOpeningPage(address: string): string {
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>IguanaX HA Console</title>',
    `<meta http-equiv="refresh" content="0; url=${escaped}"></head><body></body></html>`,
  ].join('\n');
}
