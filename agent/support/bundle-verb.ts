import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { bundleEntries, bundleLines, partOf, type BundleMeans } from '../../shared/support/bundle-entries.ts';
import { tarArchive } from '../../shared/support/tar.ts';
import { collectSupport } from './collect-support.ts';
import type { SupportMeans } from './support-scene.ts';

export const bundleUsage = `Usage: ixha bundle [--out FILE]

Collects what somebody who helps from afar needs to know of this server: journals, state, configuration, certificates'
dates, units, logs and storage, without keys, passwords or messages. Needs root to read all of it; what cannot be read
is named in the bundle. Nothing is changed on this server.

  --out FILE   where it goes (default: ixha-support-HOST-TIME.tar.gz in this folder); never replaces a file

exit codes: 0 done, 1 the file could not be written, 2 wrong use`;

/** `ixha bundle`: one archive about this server. Answers its exit code. */
export async function bundleVerb(
  args: readonly string[],
  { means, programText }: { readonly means: SupportMeans; readonly programText: string },
): Promise<number> {
  const out = outOf(args);
  if (out === null) {
    console.error(bundleUsage);
    return 2;
  }
  if (out === 'help') {
    console.log(bundleUsage);
    return 0;
  }
  if (existsSync(out)) {
    console.error(`${out} is there already and is not replaced.\n  Next: name another file with --out.`);
    return 1;
  }
  const material = await collectSupport(means, programText);
  const part = partOf('server', material);
  const about = { site: null, madeAt: material.wallTime, productVersion: material.productVersion };
  const folder = basename(out).replace(/\.tar\.gz$|\.tgz$/, '');
  const archive = gzipSync(
    tarArchive(bundleEntries(about, [part], computing), folder, secondsOf(material.wallTime)),
  );
  try {
    writeNew(out, archive);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    console.error(
      `${out} could not be written: ${code ?? message}.\n  Next: name a place with room with --out.`,
    );
    return 1;
  }
  for (const line of bundleLines(out, archive.byteLength, [part])) console.log(line);
  return 0;
}

const computing: BundleMeans = {
  encode: (text) => Buffer.from(text),
  sha256: (content) => createHash('sha256').update(content).digest('hex'),
};

function secondsOf(wallTime: string): number {
  return Math.floor(Date.parse(wallTime) / 1000);
}

/** The file asked for; `help`; null: used wrongly. */
function outOf(args: readonly string[]): string | null {
  try {
    const options = { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ args: [...args], options, strict: true });
    if (values.help) return 'help';
    const time = new Date().toISOString().slice(0, 19).replaceAll(/[:-]/g, '');
    return resolve(values.out ?? `ixha-support-${hostname()}-${time}Z.tar.gz`);
  } catch {
    return null;
  }
}

/**
 * Written beside its place and renamed once it is whole and on disk, so that nothing half ever has the final name. An
 * interrupt ends the program before or after that, since nothing of this waits; what was begun is taken away.
 */
function writeNew(path: string, content: Uint8Array): void {
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  try {
    const file = openSync(fresh, 'wx', 0o600);
    try {
      for (let at = 0; at < content.byteLength;) at += writeSync(file, content, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
