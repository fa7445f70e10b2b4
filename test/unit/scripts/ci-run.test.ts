import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-scripts-'));
  mkdirSync(join(folder, '.ci'));
  cpSync('.ci/run', join(folder, '.ci/run'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs .ci/run with an npm that does what `script` says. */
function runWith(script: string): { lines: string[]; status: number | null } {
  const npm = join(folder, 'npm');
  writeFileSync(npm, `#!/bin/sh\n${script}\n`);
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const result = spawnSync(join(folder, '.ci/run'), [], { env, encoding: 'utf8' });
  return { lines: result.stdout.trimEnd().split('\n'), status: result.status };
}

describe('.ci/run', () => {
  it('ends with the result line alone', () => {
    const { lines, status } = runWith("echo '  Lint 1 passed'; echo '7 passed, 0 failed, 2 skipped'");
    expect(lines.at(-1)).toBe('7 passed, 0 failed, 2 skipped');
    expect(status).toBe(0);
  });

  it('says the result last although npm adds lines after a failure', () => {
    const { lines, status } = runWith("echo '7 passed, 1 failed'; echo 'npm error' >&2; exit 1");
    expect(lines.at(-1)).toBe('7 passed, 1 failed');
    expect(status).toBe(1);
  });

  it('fails when no result was given, whatever the exit code', () => {
    expect(runWith('echo 3 passed, 0 failed so far')).toEqual({
      lines: ['3 passed, 0 failed so far', '0 passed, 1 failed'],
      status: 1,
    });
  });
});
