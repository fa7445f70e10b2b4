import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgeGuardTurn, judgeStart, readDeadline } from '../../../shared/lease/guard.ts';

const killTimeMs = 400;
const file = (deadlineMs: number) => ({ epoch: 3, deadlineMs });

describe('guard turn', () => {
  it('lets the engine run only while a readable deadline lies ahead', () => {
    expect(judgeGuardTurn(file(1_001), 1_000)).toBeNull();
    expect(judgeGuardTurn(file(1_000), 1_000)).toBe('passed');
    expect(judgeGuardTurn(null, 1_000)).toBe('missing');
    expect(judgeGuardTurn('unreadable', 1_000)).toBe('unreadable');
  });

  it('takes a deadline further away than any lease for damage', () => {
    expect(judgeGuardTurn(file(3_601_000), 1_000)).toBeNull();
    expect(judgeGuardTurn(file(3_601_001), 1_000)).toBe('further-than-any-lease');
  });
});

describe('gate', () => {
  it('refuses a start that the guards could not undo in time', () => {
    expect(judgeStart(file(1_401), 1_000, killTimeMs)).toBeNull();
    expect(judgeStart(file(1_400), 1_000, killTimeMs)).toBe('too-close-to-kill-in-time');
    expect(judgeStart(file(1_000), 1_000, killTimeMs)).toBe('passed');
  });
});

/** Offsets keep well away from the borders: the script reads the clock a little later than this test does. */
const cases: readonly { name: string; text: (nowMs: number) => string | null }[] = [
  { name: 'no file', text: () => null },
  { name: 'an empty file', text: () => '' },
  { name: 'a deadline far enough ahead', text: (now) => `3 ${now + 600_000}\n` },
  { name: 'leading zeros', text: (now) => `03 0${now + 600_000}\n` },
  { name: 'a deadline closer than a kill takes', text: (now) => `3 ${now + 60_000}\n` },
  { name: 'a deadline that has passed', text: (now) => `3 ${Math.max(0, now - 1_000)}\n` },
  { name: 'a deadline further away than any lease', text: (now) => `3 ${now + 7_200_000}\n` },
  { name: 'no line end', text: (now) => `3 ${now + 600_000}` },
  { name: 'a carriage return', text: (now) => `3 ${now + 600_000}\r\n` },
  { name: 'a second line', text: (now) => `3 ${now + 600_000}\n3 ${now + 600_000}\n` },
  { name: 'one number', text: (now) => `${now + 600_000}\n` },
  { name: 'three numbers', text: (now) => `3 ${now + 600_000} 1\n` },
  { name: 'two blanks', text: (now) => `3  ${now + 600_000}\n` },
  { name: 'a negative epoch', text: (now) => `-3 ${now + 600_000}\n` },
  { name: 'a decimal point', text: (now) => `3 ${now + 600_000}.0\n` },
  { name: 'hexadecimal digits', text: () => '3 0xffffffff\n' },
  { name: 'sixteen digits', text: () => '3 1000000000000000\n' },
  { name: 'more text than is read', text: (now) => `3 ${now + 600_000}\n${'x'.repeat(100)}` },
];

describe('gate.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const path = join(folder, 'deadline');
  const longKillMs = 120_000;
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(cases)('decides like the function: $name', ({ text }) => {
    const nowMs = Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000);
    const content = text(nowMs);
    rmSync(path, { force: true });
    if (content !== null) writeFileSync(path, content);
    const script = spawnSync('bash', ['resources/agent/gate.sh', folder, String(longKillMs)], {
      encoding: 'utf8',
    });
    const expected = judgeStart(readDeadline(content), nowMs, longKillMs);
    expect(script.stderr).toMatch(sentenceOf[expected ?? 'may start']);
    expect(script.status).toBe(expected === null ? 0 : 1);
  });
});

/** The script's words for each reason. */
const sentenceOf = {
  'may start': /^$/,
  missing: /no deadline is set/,
  unreadable: /file is unreadable\n/,
  passed: /the deadline passed/,
  'too-close-to-kill-in-time': /only \d+ ms ahead, a kill may take/,
  'further-than-any-lease': /further ahead than any lease/,
} as const;
