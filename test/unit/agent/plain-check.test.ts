import { describe, expect, it } from 'vitest';
import { plainCheck } from '../../../agent/api/plain-check.ts';

/** Goal: only what needs no HTTP parser is answered without one. Method: requests as bytes. */
const seen = (text: string) => plainCheck(Buffer.from(text, 'latin1'));

describe('a check in its simplest form', () => {
  it('is recognized as HAProxy sends it', () => {
    expect(seen('GET /active HTTP/1.0\r\n\r\n')).toEqual({ method: 'GET', path: '/active', waitSeconds: 0 });
  });

  it('is recognized with headers that say nothing about body or connection', () => {
    const request =
      'HEAD /healthy HTTP/1.1\r\nHost: 10.0.0.1:7671\r\nUser-Agent: x/1\r\nConnection: Close\r\n\r\n';
    expect(seen(request)).toEqual({ method: 'HEAD', path: '/healthy', waitSeconds: 0 });
  });

  it.each([
    ['wait=1', 1],
    ['wait=10 ', 10],
    ['wait=0', 0],
    ['wait', 0],
    ['wait=1, respond-async', 0],
    ['return=minimal', 0],
  ])('waits when it prefers %j: %s s', (preference, waitSeconds) => {
    expect(seen(`GET /active HTTP/1.0\r\nPrefer: ${preference}\r\n\r\n`)).toMatchObject({ waitSeconds });
  });

  it.each([
    ['goes on after the answer', 'GET /active HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['wants to go on', 'GET /active HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
    ['says two things', 'GET /active HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n'],
    [
      'wants to go on, with a blank before the colon',
      'GET /active HTTP/1.0\r\nConnection : keep-alive\r\n\r\n',
    ],
    ['names no host', 'GET /active HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['has a body', 'GET /active HTTP/1.0\r\nContent-Length: 1\r\n\r\na'],
    ['announces a body', 'GET /active HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['wants another protocol', 'GET /active HTTP/1.0\r\nUpgrade: h2c\r\n\r\n'],
    ['is followed by another one', 'GET /active HTTP/1.0\r\n\r\nGET /active HTTP/1.0\r\n\r\n'],
    ['is not complete', 'GET /active HTTP/1.0\r\n'],
    ['has a query', 'GET /active?x=1 HTTP/1.0\r\n\r\n'],
    ['leads elsewhere', 'GET /../etc/passwd HTTP/1.0\r\n\r\n'],
    ['changes something', 'POST /active HTTP/1.0\r\n\r\n'],
    ['folds a header', 'GET /active HTTP/1.0\r\nA: b\r\n c\r\n\r\n'],
    ['ends its lines otherwise', 'GET /active HTTP/1.0\n\n'],
    ['holds a null byte', 'GET /active HTTP/1.0\r\nA: \0\r\n\r\n'],
    ['is of a later version', 'GET /active HTTP/2.0\r\n\r\n'],
    ['is too long', `GET /active HTTP/1.0\r\n${`a: ${'b'.repeat(390)}\r\n`.repeat(6)}\r\n`],
    ['has too many headers', `GET /active HTTP/1.0\r\n${'a: b\r\n'.repeat(17)}\r\n`],
    ['is nothing', ''],
  ])('is left to the HTTP server when it %s', (_what, request) => {
    expect(seen(request)).toBeNull();
  });
});
