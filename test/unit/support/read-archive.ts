import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Manifest {
  readonly site: string | null;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  readonly missing: readonly { readonly from: string; readonly what: string; readonly why: string }[];
  readonly neverIncluded: readonly unknown[];
}

/** Unpacks a bundle with the system's `tar`; throws when a file is not what the manifest says of it. */
export function readArchive(path: string): { manifest: Manifest; texts: Map<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bundle-'));
  try {
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    const root = join(folder, readdirSync(folder)[0]!);
    const text = (file: string) => readFileSync(join(root, file), 'utf8');
    const manifest = JSON.parse(text('manifest.json')) as Manifest;
    const texts = new Map(manifest.files.map(({ path: file }) => [file, text(file)]));
    for (const { path: file, sha256, bytes } of manifest.files) {
      const content = readFileSync(join(root, file));
      const seen = createHash('sha256').update(content).digest('hex');
      if (seen !== sha256 || content.byteLength !== bytes)
        throw new Error(`${file} is not what the manifest says`);
    }
    const there = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    if (there.length !== manifest.files.length + 1) throw new Error('files that the manifest does not name');
    return { manifest, texts };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
