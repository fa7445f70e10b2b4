import type { Protocol } from 'electron';
import { servePageFile } from '../host/page-files/serve-page-file.ts';
import { isPageAddress, pageAddress, pageScheme } from './page-address.ts';

/** Makes `app:` a standard, secure scheme. Must run before the app is ready. */
export function declarePageScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page under `app://console/`, and nothing outside of its folder. */
export function servePageScheme(protocol: Pick<Protocol, 'handle'>, pageRoot: string): void {
  protocol.handle(pageScheme, (request) => answerPageRequest(request, pageRoot));
}

/** One answer of the page's scheme, with the policy as a header. */
export async function answerPageRequest(
  request: Pick<Request, 'method' | 'url'>,
  pageRoot: string,
): Promise<Response> {
  if (request.method !== 'GET' || !isPageAddress(request.url)) {
    return new Response('Not found.\n', { status: 404 });
  }
  // As it was asked for, so that `..` and `%2e` are seen and refused instead of being tidied away.
  const path = `/${request.url.slice(pageAddress.length).split(/[?#]/)[0]!}`;
  const { status, headers, body } = await servePageFile(pageRoot, path, "'none'");
  return new Response(body, { status, headers });
}
