import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { endsWithinMs, openOwnEnds } from '../../../agent/member/own-ends.ts';

let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-ends-'));
  nowMs = 50_000;
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = { bootMs: () => nowMs, wallTime: () => '2026-01-01T00:00:00.000Z' };
const start = () => openOwnEnds(folder, clock);

test('counts the agents that died before, not those that were asked to end', () => {
  const first = start();
  expect(first.lately()).toBe(0);
  first.leave();
  expect(start().lately()).toBe(0);
  expect(start().lately()).toBe(1);
  const fourth = start();
  expect(fourth.lately()).toBe(2);
  fourth.leave();
  expect(start().lately()).toBe(2);
});

test('forgets what is longer ago than ten minutes', () => {
  start();
  const second = start();
  expect(second.lately()).toBe(1);
  nowMs += endsWithinMs;
  expect(second.lately()).toBe(1);
  nowMs += 1;
  expect(second.lately()).toBe(0);
});

test('keeps a bounded number of them', () => {
  for (let starts = 0; starts < 150; starts += 1) start();
  expect(start().lately()).toBe(99);
});

test('begins anew with a file that is damaged', () => {
  for (const text of ['', 'runs', 'runs 7 x\n', 'else\n', `runs${' 7'.repeat(100)}\n`]) {
    writeFileSync(join(folder, 'ends'), text);
    expect(start().lately()).toBe(0);
  }
});

test('never throws, whatever its disk does', () => {
  const refuse = () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  const ends = openOwnEnds(folder, clock, { ...nodeFiles, open: refuse, read: refuse });
  ends.leave();
  expect(ends.lately()).toBe(0);
});
