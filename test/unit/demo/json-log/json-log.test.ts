import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonLog } from '../../../../electron/demo/json-log/json-log.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'json-log-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function lines(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('a log of JSON lines', () => {
  it('goes on behind what an earlier process wrote', () => {
    const path = join(directory, 'log');
    for (const entry of [{ n: 1 }, { n: 2 }]) {
      const log = new JsonLog(path);
      log.write(entry);
      log.close();
    }
    expect(lines(path)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('keeps one older file and so never grows beyond twice its limit', () => {
    const path = join(directory, 'log');
    const log = new JsonLog(path, 100);
    for (let n = 1; n <= 100; n += 1) log.write({ n });
    log.close();
    const kept = [...lines(`${path}.1`), ...lines(path)] as { n: number }[];
    expect(kept.at(-1)).toEqual({ n: 100 });
    expect(kept.length).toBeLessThan(30);
    expect(kept.map(({ n }) => n)).toEqual(kept.map((_, index) => 101 - kept.length + index));
  });

  it('takes nothing more after it was closed', () => {
    const path = join(directory, 'log');
    const log = new JsonLog(path);
    log.write({ n: 1 });
    log.close();
    log.write({ n: 2 });
    expect(lines(path)).toEqual([{ n: 1 }]);
  });
});
