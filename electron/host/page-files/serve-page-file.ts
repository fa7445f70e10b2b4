import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { contentSecurityPolicy, hardeningHeaders, noncePlaceholder } from './content-policy.ts';
import { pageFile } from './page-path.ts';

export interface ServedFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** One file of the page with its headers; `index.html` gets a fresh nonce each time. */
export async function servePageFile(
  root: string,
  urlPath: string,
  connect: "'self'" | "'none'",
): Promise<ServedFile> {
  const nonce = randomBytes(18).toString('base64');
  const headers = { ...hardeningHeaders, 'content-security-policy': contentSecurityPolicy(nonce, connect) };
  const file = pageFile(root, urlPath);
  const content = file && (await readFile(file.path).catch(() => undefined));
  if (file === undefined || content === undefined) {
    return {
      status: 404,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
      body: bytes('Not found.\n'),
    };
  }
  const isPage = basename(file.path) === 'index.html';
  return {
    status: 200,
    headers: { ...headers, 'content-type': file.contentType },
    body: isPage
      ? bytes(content.toString('utf8').replaceAll(noncePlaceholder, nonce))
      : new Uint8Array(content),
  };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}
