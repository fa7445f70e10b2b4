import { describe, expect, test } from 'vitest';
import {
  addressRefusal,
  sessionCookie,
  sessionInCookie,
} from '../../../electron/browser-shell/request-guard.ts';

const port = 4321;
const fine = {
  method: 'GET',
  host: '127.0.0.1:4321',
  origin: 'http://127.0.0.1:4321' as string | undefined,
  cookie: undefined,
};
const page = { mustNameOrigin: false };
const socket = { mustNameOrigin: true };

describe('the address of a request', () => {
  test('is accepted from the own page', () => {
    expect(addressRefusal(fine, port, page)).toBeUndefined();
    expect(addressRefusal(fine, port, socket)).toBeUndefined();
  });

  test('may leave the origin out for a file, but not for a WebSocket', () => {
    const unnamed = { ...fine, origin: undefined };
    expect(addressRefusal(unnamed, port, page)).toBeUndefined();
    expect(addressRefusal(unnamed, port, socket)).toBe('origin');
  });

  test.each([
    undefined,
    '127.0.0.1',
    '127.0.0.1:4322',
    'localhost:4321',
    'console.example:4321',
    '127.0.0.1:4321.console.example',
    '[::1]:4321',
    '127.1:4321',
  ])('is refused for the host %j', (host) => {
    expect(addressRefusal({ ...fine, host }, port, page)).toBe('host');
  });

  test.each([
    'null',
    'http://localhost:4321',
    'https://127.0.0.1:4321',
    'http://127.0.0.1:4322',
    'http://127.0.0.1:4321.console.example',
    'file://',
    '',
  ])('is refused for the origin %j', (origin) => {
    expect(addressRefusal({ ...fine, origin }, port, page)).toBe('origin');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'CONNECT'])('is refused for %s', (method) => {
    expect(addressRefusal({ ...fine, method }, port, page)).toBe('method');
  });
});

describe('the session cookie', () => {
  test('cannot be read by scripts nor sent from another site', () => {
    expect(sessionCookie(port, 'secret')).toBe('ixha-console-4321=secret; HttpOnly; SameSite=Strict; Path=/');
  });

  test('is found among others', () => {
    expect(sessionInCookie('a=1; ixha-console-4321=se=cret; b=2', port)).toBe('se=cret');
  });

  test.each([undefined, '', 'ixha-console-4322=secret', 'xixha-console-4321=secret'])(
    'is not in %j',
    (cookie) => {
      expect(sessionInCookie(cookie, port)).toBeUndefined();
    },
  );

  test('is refused when there are two of it', () => {
    expect(sessionInCookie('ixha-console-4321=a; ixha-console-4321=b', port)).toBeUndefined();
  });
});
