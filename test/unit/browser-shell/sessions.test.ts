import { describe, expect, test } from 'vitest';
import { createSessions } from '../../../electron/browser-shell/sessions.ts';

describe('sessions', () => {
  test('are opened by a token once', () => {
    const sessions = createSessions();
    const token = sessions.issueToken();
    const session = sessions.redeem(token);
    expect(session).toBeDefined();
    expect(sessions.isOpen(session!)).toBe(true);
    expect(sessions.redeem(token)).toBeUndefined();
    expect(sessions.isOpen(session!)).toBe(true);
  });

  test('are not opened by a session, an old start, or nothing', () => {
    const sessions = createSessions();
    const session = sessions.redeem(sessions.issueToken())!;
    expect(sessions.redeem(session)).toBeUndefined();
    expect(sessions.redeem(createSessions().issueToken())).toBeUndefined();
    expect(sessions.redeem('')).toBeUndefined();
    expect(sessions.isOpen('')).toBe(false);
  });

  test('are independent: one printed address, another for the window', () => {
    const sessions = createSessions();
    const [printed, window] = [sessions.issueToken(), sessions.issueToken()];
    const one = sessions.redeem(window)!;
    const other = sessions.redeem(printed)!;
    expect(one).not.toBe(other);
    expect(sessions.isOpen(one) && sessions.isOpen(other)).toBe(true);
  });

  test('have secrets of 256 bits that fit into an address', () => {
    const sessions = createSessions();
    const token = sessions.issueToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(sessions.redeem(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('do not grow without bound', () => {
    const sessions = createSessions();
    const first = sessions.issueToken();
    for (let count = 0; count < 16; count += 1) sessions.issueToken();
    expect(sessions.redeem(first)).toBeUndefined();
  });
});
