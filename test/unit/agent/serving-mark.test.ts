import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { openServingMark } from '../../../agent/member/serving-mark.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-mark-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('tells a restarted agent its epoch, whether the pollers were started, and which life of the engine it was', () => {
  const mark = openServingMark(folder);
  expect(mark.read()).toBeNull();
  mark.write({ epoch: 7, pollersStarted: false, life: null });
  expect(openServingMark(folder).read()).toEqual({
    epoch: 7,
    pollersStarted: false,
    life: null,
  });
  mark.write({ epoch: 7, pollersStarted: true, life: '4711-15' });
  expect(openServingMark(folder).read()).toEqual({ epoch: 7, pollersStarted: true, life: '4711-15' });
  mark.remove();
  mark.remove();
  expect(mark.read()).toBeNull();
});

test('takes anything else for no mark', () => {
  for (const text of ['', '7', '7\n', '7 2\n', '-7 1\n', '7 1\nmore']) {
    writeFileSync(join(folder, 'serving'), text);
    expect(openServingMark(folder).read()).toBeNull();
  }
});

test('says that it could not be removed, and never throws', () => {
  const readOnly = () => {
    throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
  };
  const mark = openServingMark(folder, { ...nodeFiles, remove: readOnly });
  expect(mark.remove()).toBeNull();
  mark.write({ epoch: 7, pollersStarted: true, life: null });
  expect(mark.remove()).toBe('its mark for a restart could not be removed: EROFS');
});
