import type { BundleEntry } from './bundle-entries.ts';

const block = 512;

/**
 * An archive in the ustar format that every `tar` reads: plain files, readable by their owner only, all of one time.
 * Throws for a path that the format has no room for: those are our own. Pure.
 */
export function tarArchive(entries: readonly BundleEntry[], folder: string, seconds: number): Uint8Array {
  const room = entries.reduce((sum, { content }) => sum + block + padded(content.byteLength), 0);
  const archive = new Uint8Array(room + 2 * block);
  let at = 0;
  for (const { path, content } of entries) {
    archive.set(tarHeader(`${folder}/${path}`, content.byteLength, seconds), at);
    archive.set(content, at + block);
    at += block + padded(content.byteLength);
  }
  return archive;
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function tarHeader(path: string, size: number, seconds: number): Uint8Array {
  const header = new Uint8Array(block);
  // Paths and numbers are plain ASCII.
  const put = (at: number, text: string) =>
    header.set(
      [...text].map((sign) => sign.charCodeAt(0)),
      at,
    );
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, '0');
  const { prefix, name } = split(path);
  put(0, name);
  put(100, octal(0o600, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(seconds, 12));
  // The checksum is computed with blanks in its own place.
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\u000000');
  put(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 7)}\0 `);
  return header;
}

function split(path: string): { prefix: string; name: string } {
  if (path.length <= 100) return { prefix: '', name: path };
  const at = path.lastIndexOf('/', 155);
  const name = path.slice(at + 1);
  if (at < 0 || name.length > 100) throw new Error(`the path ${path} is too long for an archive`);
  return { prefix: path.slice(0, at), name };
}
