import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { handedOver, makeBundle } from '../unit/support/make-bundle.ts';

/**
 * Goal: a bundle tells its past without any server, and nothing half is believed. Method: the built command line as a
 * process, on bundles of journals that agents wrote.
 */
const site = join(import.meta.dirname, '../../dist/host/site.cjs');
let folder: string;
let bundle: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-history-'));
  mkdirSync(join(folder, 'out'));
  bundle = join(folder, 'ixha-support-clinic.tar.gz');
  makeBundle(bundle, handedOver());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function siteHistory(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [site, 'history', '--bundle', bundle, ...words], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

it('tells the site at an instant of a bundle, and that nothing of it is live', async () => {
  const { code, out } = await siteHistory('--at', '2026-03-14T04:31:02.500Z');
  expect(code).toBe(0);
  expect(out).toContain('From the bundle ixha-support-clinic.tar.gz, made 2026-03-14T05:00:00.000Z');
  expect(out).toContain('nothing of it is live');
  expect(out).toContain('WK1: ig-north was Active with epoch 1.');
  expect(out).toContain('WK1 on ig-north: Unbroken from record 1 to 4.');
  expect(out).toContain('Missing from balancer');
});

it('tells what changed between two instants', async () => {
  const { code, out } = await siteHistory(
    '--at',
    '2026-03-14T04:31:02.500Z',
    '--and',
    '2026-03-14T04:31:09Z',
  );
  expect(code).toBe(0);
  expect(out).toContain('after   WK1: ig-south was Active with epoch 2.');
  expect(out).toContain('WK1 on ig-north, role: Active before, Passive after');
});

it('writes the records of a bundle as JSON and CSV, and replaces no file', async () => {
  const words = ['--format', 'json,csv', '--out', join(folder, 'out')];
  const { code, out } = await siteHistory(...words);
  expect([code, out.includes('7 records of')]).toEqual([0, true]);
  const files = readdirSync(join(folder, 'out')).sort();
  expect(files.map((name) => name.replace(/-\d{8}T\d{6}Z/, ''))).toEqual([
    'history-ixha-support-clinic.csv',
    'history-ixha-support-clinic.json',
  ]);
  const text = readFileSync(join(folder, 'out', files[1]!), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ kind: 'ixha-history-export', chains: [{}, {}] });
});

it('writes no record where the folder is a file, and says what to do', async () => {
  const words = ['--format', 'csv', '--out'];
  const nowhere = await siteHistory(...words, join(bundle, 'in'));
  expect([nowhere.code, nowhere.err]).toEqual([
    1,
    expect.stringMatching(/\[report\.not-written\][^]*Next: /),
  ]);
});

it('ends with 1 and tells the number where a chain is broken', async () => {
  makeBundle(bundle, handedOver(), (file) =>
    file.path.endsWith('journal.jsonl')
      ? { ...file, text: file.text.replace(/"lineHash":"..../, '"lineHash":"0000') }
      : file,
  );
  const { code, out } = await siteHistory();
  expect([code, out.includes('WK1 on ig-north: BROKEN at record 2')]).toEqual([1, true]);
});

it('refuses half a bundle with what to do next, and writes nothing', async () => {
  truncateSync(bundle, 400);
  const { code, err } = await siteHistory('--format', 'csv', '--out', join(folder, 'out'));
  expect([code, err.includes('[bundle.damaged]'), err.includes('Next: Ask whoever made')]).toEqual([
    1,
    true,
    true,
  ]);
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});

it('says what is wrong with its words', async () => {
  const wrong = await Promise.all([
    siteHistory('--at', 'yesterday'),
    siteHistory('--and', '2h'),
    siteHistory('--from', '2h'),
    siteHistory('--format', 'pdf'),
    siteHistory('site.json'),
  ]);
  expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
  expect(wrong[0].err).toContain('--at yesterday is no time');
});
