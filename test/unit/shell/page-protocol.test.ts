import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerPageRequest } from '../../../electron/shell/page-protocol.ts';

describe('the page under app://console/', () => {
  let outer: string;
  let root: string;
  beforeAll(async () => {
    outer = await mkdtemp(join(tmpdir(), 'ixha-app-'));
    root = await mkdtemp(join(outer, 'page-'));
    await writeFile(join(root, 'index.html'), '<meta content="__CSP_NONCE__">');
    await writeFile(join(outer, 'secret.json'), '{}');
  });
  afterAll(() => rm(outer, { recursive: true, force: true }));
  const get = (url: string, method = 'GET') => answerPageRequest({ method, url }, root);

  test('is served with its policy and no connection anywhere', async () => {
    const response = await get('app://console/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(await response.text()).not.toContain('__CSP_NONCE__');
  });

  test('is the same page with a query or a place in it', async () => {
    expect((await get('app://console/?a=b')).status).toBe(200);
    expect((await get('app://console/index.html#/servers')).status).toBe(200);
  });

  test.each([
    'app://console/../secret.json',
    'app://console/%2e%2e/secret.json',
    'app://console/..%2fsecret.json',
    'app://console//secret.json',
    'app://other/index.html',
    'app://console/missing.js',
  ])('answers %s with nothing', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  test('answers nothing but GET', async () => {
    expect((await get('app://console/', 'POST')).status).toBe(404);
  });
});
