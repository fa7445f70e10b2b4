import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReportForms } from '../../electron/host/report/report-file.ts';
import { writeReportFiles } from '../../electron/host/site-command/write-report-files.ts';
import {
  verificationForms,
  verificationReport,
} from '../../electron/host/verification/verification-forms.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { reportFormats, type ReportFormat } from '../../shared/report/report-formats.ts';
import { keptFixture, saidOf } from '../screens/verification-fixture.ts';
import { awkwardNames } from '../unit/report/tables.ts';
import { createBench, until, type Bench } from './demo-harness.ts';

/**
 * Goal: a report is there whole or not at all, and whoever wanted it is told why. Method: real files, folders that are
 * full, read-only or no folders, browsers that hang, and names that are not easy.
 */
let bench: Bench;
const surroundings = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
const mounted: string[] = [];
const mayMount =
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'trial', '/mnt'], { stdio: 'ignore' }).status === 0;

beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  for (const at of mounted.splice(0)) execFileSync('umount', [at]);
  for (const [name, value] of Object.entries(surroundings)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  bench.clean();
});

function forms(name = 'owner-1'): ReportForms {
  const about = {
    site: { id: 'demo', name, demo: true },
    madeAt: '2026-03-14T05:00:00.000Z',
    timeZone: 'Europe/Vienna',
    operator: { name, role: 'admin' },
    consoleVersion: '0.1.0',
  };
  return verificationForms(verificationReport(keptFixture('silent', saidOf(name)), about));
}

const never = new AbortController().signal;
const wrote = (out: string, formats: readonly ReportFormat[], signal = never, name?: string) =>
  writeReportFiles({ out, formats }, forms(name), signal);

/** A small file system of memory, mounted at a new folder. */
function small(...options: string[]): string {
  const at = bench.path('small');
  mkdirSync(at);
  execFileSync('mount', ['-t', 'tmpfs', ...options, 'trial', at]);
  mounted.push(at);
  return at;
}

/** A browser that never ends, in the place of every installed one; the file that it makes says that it runs. */
function hangingBrowser(): string {
  const [folder, sign] = [bench.path('browsers'), bench.path('browser-runs')];
  mkdirSync(folder);
  const program = join(folder, 'chromium');
  writeFileSync(program, `#!/bin/sh\necho $$ > ${sign}\nexec sleep 300\n`);
  chmodSync(program, 0o755);
  process.env['PATH'] = `${folder}:${surroundings.PATH ?? ''}`;
  return sign;
}

/** What the person is told instead. */
function refused(written: Awaited<ReturnType<typeof wrote>>, code: ErrorCode, words: string): void {
  if (written.ok) throw new Error(`written: ${written.value.join()}`);
  expect(written.error.code, written.error.message).toBe(code);
  expect(written.error.message).toContain(words);
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

describe('the files of a report', () => {
  test('are made in a new folder, whole and for their owner only', async () => {
    const out = bench.path('new/folder');
    const written = await wrote(out, reportFormats);
    expect(written).toMatchObject({ ok: true });
    expect(
      readdirSync(out)
        .map((name) => name.split('.').at(-1))
        .sort(),
    ).toEqual(['csv', 'html', 'json', 'pdf']);
    const pdf = readdirSync(out).find((name) => name.endsWith('.pdf'))!;
    expect(readFileSync(join(out, pdf)).subarray(0, 5).toString()).toBe('%PDF-');
    expect(statSync(join(out, pdf)).mode & 0o777).toBe(0o600);
  });

  test('replace nothing that is there', async () => {
    const out = bench.path('twice');
    await wrote(out, ['json']);
    const before = readFileSync(join(out, readdirSync(out)[0]!), 'utf8');
    refused(await wrote(out, ['json'], never, 'another'), 'report.not-written', 'is there already');
    expect(readFileSync(join(out, readdirSync(out)[0]!), 'utf8')).toBe(before);
  });

  test('are refused where the folder is a file', async () => {
    const out = bench.path('taken');
    writeFileSync(out, '');
    refused(await wrote(join(out, 'in'), ['json']), 'report.not-written', 'cannot be made (ENOTDIR)');
    expect(await wrote(out, ['json'])).toMatchObject({ ok: false, error: { code: 'report.not-written' } });
  });

  test.runIf(mayMount)('are refused by a full folder, and no half one is left', async () => {
    const out = small('-o', 'size=16k');
    const written = await wrote(out, ['csv', 'html', 'json']);
    refused(written, 'report.not-written', 'ENOSPC');
    for (const name of readdirSync(out)) expect(name).toMatch(/^verification-.*\.(csv|html|json)$/);
    expect(readdirSync(out).length).toBeLessThan(3);
  });

  test.runIf(mayMount)('are refused by a read-only folder', async () => {
    const out = small('-o', 'ro');
    refused(await wrote(out, ['html']), 'report.not-written', 'EROFS');
    expect(readdirSync(out)).toEqual([]);
  });

  test('without a place for temporary files there is no PDF, and that is told', async () => {
    process.env['TMPDIR'] = bench.path('not-there');
    refused(await wrote(bench.path('out'), ['pdf']), 'report.not-printed', 'ENOENT');
  });

  test('called off while it is printed nothing is left, neither a file nor a browser', async () => {
    const sign = hangingBrowser();
    const [out, temporary] = [bench.path('out'), bench.path('temporary')];
    mkdirSync(temporary);
    process.env['TMPDIR'] = temporary;
    const calledOff = new AbortController();
    const writing = wrote(out, ['pdf', 'html'], calledOff.signal);
    await until('the browser runs', () => existsSync(sign) && readFileSync(sign, 'utf8').trim() !== '');
    const pid = Number(readFileSync(sign, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    calledOff.abort();
    refused(await writing, 'report.not-printed', 'it was called off');
    await until('the browser is gone', () => !isAlive(pid));
    expect([readdirSync(out), readdirSync(temporary)]).toEqual([[], []]);
  });

  test.each(awkwardNames)('hold a name as it is: %j', async (name) => {
    const out = bench.path('names');
    rmSync(out, { recursive: true, force: true });
    expect(await wrote(out, ['json', 'csv', 'html'], never, name)).toMatchObject({ ok: true });
    const json = readdirSync(out).find((one) => one.endsWith('.json'))!;
    expect(JSON.parse(readFileSync(join(out, json), 'utf8'))).toMatchObject({ site: { name } });
  });
});
