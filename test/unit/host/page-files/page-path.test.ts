import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../../electron/host/page-files/content-policy.ts';
import { pageFile } from '../../../../electron/host/page-files/page-path.ts';
import { servePageFile } from '../../../../electron/host/page-files/serve-page-file.ts';

const root = '/srv/page';

describe('the file of a URL path', () => {
  test.each([
    ['/', '/srv/page/index.html', 'text/html; charset=utf-8'],
    ['/assets/index-abc.js', '/srv/page/assets/index-abc.js', 'text/javascript; charset=utf-8'],
    ['/assets/a%20b.css', '/srv/page/assets/a b.css', 'text/css; charset=utf-8'],
    ['/icon.svg', '/srv/page/icon.svg', 'image/svg+xml'],
  ])('%s is %s', (path, file, contentType) => {
    expect(pageFile(root, path)).toEqual({ path: file, contentType });
  });

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/%2e%2e%2fsecret.json',
    '/..%2fsecret.json',
    '/assets/%2e%2e/%2e%2e/secret.json',
    '/%252e%252e/secret.json',
    '/..\\secret.json',
    '/..%5csecret.json',
    '//etc/passwd.json',
    '/./index.html',
    '/.env.json',
    '/assets/.hidden.js',
    '/index.html%00.js',
    '/%ff.js',
    '/assets',
    '/assets/',
    '/main.map',
    '/key.pem',
    '',
    'index.html',
    'C:/secret.json',
  ])('%j is nothing', (path) => {
    expect(pageFile(root, path)).toBeUndefined();
  });

  test('is never outside of the folder', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2E%2e',
        '/',
        '%2f',
        '\\',
        '%5c',
        'a',
        'index.html',
        '%00',
        '~',
        ':',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const file = pageFile(root, `/${pieces.join('')}.js`);
        if (file) expect(resolve(file.path).startsWith(root + sep)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a served file', () => {
  test('carries a policy whose nonce is in the page, another one each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ixha-page-'));
    await writeFile(
      join(folder, 'index.html'),
      '<meta content="__CSP_NONCE__"><style nonce="__CSP_NONCE__">',
    );
    const nonces = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) {
      const served = await servePageFile(folder, '/', "'self'");
      const page = Buffer.from(served.body).toString('utf8');
      const nonce = /'nonce-([A-Za-z0-9+/=]+)'/.exec(served.headers['content-security-policy']!)![1]!;
      expect(page).toBe(`<meta content="${nonce}"><style nonce="${nonce}">`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
    await rm(folder, { recursive: true, force: true });
  });

  test('is a plain refusal when there is none', async () => {
    const served = await servePageFile(root, '/nothing.js', "'none'");
    expect(served).toMatchObject({ status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });
});

test('the policy is the one of the security properties', () => {
  expect(contentSecurityPolicy('N', "'none'")).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});
