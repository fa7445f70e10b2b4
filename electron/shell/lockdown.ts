import type { App, Session, WebContents } from 'electron';
import { isPageAddress } from './page-address.ts';

/** The only permission the page may have: copying text that the person selected. */
const allowedPermission = 'clipboard-sanitized-write';

/** What must be said before the app is ready: every window in the sandbox, no name ever resolved. */
export function lockDownApp(app: Pick<App, 'enableSandbox' | 'commandLine' | 'on'>): void {
  app.enableSandbox();
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents));
}

/** Everything the session could be asked for is refused unless it is the console's own page asking itself. */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permission === allowedPermission && details.isMainFrame && isPageAddress(details.requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === allowedPermission && isPageAddress(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
}

/** The page stays where it is: no navigation, no new window, no guest. */
export function lockDownContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault();
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The page's own files, pictures written into it, and the developer tools of an unpackaged console. */
function mayLoad(address: string): boolean {
  return isPageAddress(address) || /^(data|devtools):/.test(address);
}
