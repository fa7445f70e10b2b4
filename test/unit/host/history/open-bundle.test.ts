import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleView } from '../../../../electron/host/history/bundle-view.ts';
import { bundleShelf, openBundle } from '../../../../electron/host/history/history-sources.ts';
import { siteAt } from '../../../../electron/host/history/site-at.ts';
import { readTar } from '../../../../shared/support/untar.ts';
import { handedOver, makeBundle } from '../../support/make-bundle.ts';

/** Goal: a bundle is read whole or not at all. Method: bundles of journals that agents wrote, damaged in every way. */
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-open-bundle-'));
  path = join(folder, 'ixha-support-clinic.tar.gz');
  makeBundle(path, handedOver());
});
afterEach(() => rmSync(folder, { recursive: true }));

async function refused(): Promise<string> {
  const opened = await openBundle(path);
  return opened.ok ? 'opened' : `${opened.error.code}: ${opened.error.message}`;
}

/** The archive with these bytes of its content changed to others of the same length. */
function rewritten(change: (tar: Buffer) => Buffer): void {
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)))));
}

test('opens the same from its bytes, as a page hands them over', async () => {
  const shelf = bundleShelf();
  const opened = await shelf.openBytes(readFileSync(path), 'ixha-support-clinic.tar.gz');
  expect(opened.ok && bundleView(opened.value)).toMatchObject({ site: 'clinic', records: 7 });
  expect(opened.ok && shelf.get(opened.value.id).ok).toBe(true);
  const damaged = await shelf.openBytes(readFileSync(path).subarray(0, 400), 'b.tar.gz');
  expect(damaged).toMatchObject({ ok: false, error: { code: 'bundle.damaged' } });
  shelf.close();
});

test('opens a bundle without asking anybody, and tells what it is of and what it lacks', async () => {
  const opened = await openBundle(path);
  if (!opened.ok) throw new Error(opened.error.message);
  const view = bundleView(opened.value);
  expect(view).toMatchObject({
    ...{ fileName: 'ixha-support-clinic.tar.gz', site: 'clinic', records: 7 },
    ...{ from: '2026-03-14T04:31:01.000Z', to: '2026-03-14T04:31:04.000Z' },
    lacks: ['Missing from balancer: what its own program collects. It could not be reached.'],
  });
  expect(view.chains.map(({ server, verdict, last }) => `${server} ${verdict} ${last}`)).toEqual([
    'ig-north unbroken 4',
    'ig-south unbroken 3',
  ]);
  const then = siteAt(opened.value, '2026-03-14T04:31:02.500Z');
  expect(then.clusters[0]!.sentence).toBe('WK1: ig-north was Active with epoch 1.');
  opened.value.database.close();
});

test('a record that was changed in a bundle of a server breaks the chain, and is told with its number', async () => {
  makeBundle(path, handedOver(), (file) =>
    file.path.endsWith('journal.jsonl')
      ? {
          ...file,
          text: file.text.replace(/"previous":"[0-9a-f]{64}","lineHash":"[0-9a-f]{64}"\}\n$/, (end) =>
            end.replace(/"previous":"..../, '"previous":"0000'),
          ),
        }
      : file,
  );
  const opened = await openBundle(path);
  if (!opened.ok) throw new Error(opened.error.message);
  expect(opened.value.chains.map(({ breaks }) => breaks.map(({ at }) => at))).toEqual([[4], [3]]);
});

test('refuses a file that is not there, and a folder', async () => {
  path = join(folder, 'none.tar.gz');
  expect(await refused()).toMatch(/^bundle\.unreadable: .*is not there\.$/);
  path = folder;
  expect(await refused()).toMatch(/^bundle\.unreadable: .*is no file\.$/);
});

test('refuses half a bundle, wherever it was cut', async () => {
  const whole = readFileSync(path);
  for (const share of [0.05, 0.5, 0.95]) {
    writeFileSync(path, whole.subarray(0, Math.floor(whole.byteLength * share)));
    expect(await refused()).toMatch(/^bundle\.damaged: .*ends in the middle/);
  }
  writeFileSync(path, gzipSync(gunzipSync(whole).subarray(0, 1_024)));
  expect(await refused()).toMatch(/^bundle\.damaged: .*is no whole archive/);
});

test('refuses a bundle with a bit that is another, anywhere in its files', async () => {
  rewritten((tar) => {
    const at = tar.indexOf('ig-north is Active');
    tar.write('ig-north is Passed', at);
    return tar;
  });
  const opened = await openBundle(path);
  expect(!opened.ok && opened.error).toMatchObject({
    code: 'bundle.damaged',
    details: ['ig-north/WK1/journal.jsonl was changed: its checksum is another'],
  });
});

test('refuses what is no bundle: text, another archive, another list of files, a newer form', async () => {
  writeFileSync(path, 'Dear support, here is the bundle.');
  expect(await refused()).toMatch(/^bundle\.foreign: .*not compressed/);
  writeFileSync(path, gzipSync(Buffer.alloc(1_024)));
  expect(await refused()).toMatch(/^bundle\.foreign: .*no list of files/);
  makeBundle(path, handedOver());
  rewritten((tar) =>
    Buffer.from(tar.toString('latin1').replace('ixha-support-bundle', 'ixha-support-bungle'), 'latin1'),
  );
  expect(await refused()).toMatch(/^bundle\.foreign: .*list of files is another/);
  makeBundle(path, handedOver());
  rewritten((tar) => Buffer.from(tar.toString('latin1').replace('"schema": 1', '"schema": 9'), 'latin1'));
  expect(await refused()).toMatch(/^bundle\.foreign: .*form \(9\)/);
});

test('refuses a journal with a line that is no record', async () => {
  makeBundle(path, handedOver(), (file) =>
    file.path.endsWith('journal.jsonl') ? { ...file, text: `${file.text}{"seq":9}\n` } : file,
  );
  expect(await refused()).toMatch(/^bundle\.damaged: .*line 5 of ig-north\/WK1\/journal\.jsonl is no record/);
});

test('a damaged header, a link and an archive without an end are no archive', () => {
  const tar = gunzipSync(readFileSync(path));
  expect(readTar(tar)!.map((entry) => entry.path)).toContain(
    'ixha-support-clinic/ig-north/WK1/journal.jsonl',
  );
  const flipped = Buffer.from(tar);
  flipped[3]! ^= 1;
  expect(readTar(flipped)).toBeNull();
  expect(readTar(tar.subarray(0, tar.byteLength - 1_024))).toBeNull();
  expect(readTar(Buffer.alloc(0))).toBeNull();
});

test('a shelf of bundles keeps the last four, and says so of the others', async () => {
  const shelf = bundleShelf();
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    const opened = await shelf.open(path);
    if (opened.ok) ids.push(opened.value.id);
  }
  expect(ids.map((id) => shelf.get(id).ok)).toEqual([false, true, true, true, true]);
  const gone = shelf.get(ids[0]!);
  expect(!gone.ok && gone.error.code).toBe('bundle.not-open');
});
