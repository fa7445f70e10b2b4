import type { BundleEntry } from './bundle-entries.ts';

const block = 512;

/**
 * The plain files of an archive in the ustar format. Null: it is none, or it ends early, or a header does not fit its
 * own checksum; then nothing of it is answered. Folders are passed over; anything else than files and folders (links,
 * devices) is not ours and makes it null as well. Pure.
 */
export function readTar(archive: Uint8Array): BundleEntry[] | null {
  const entries: BundleEntry[] = [];
  let at = 0;
  for (; at + block <= archive.byteLength;) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return entries;
    const size = octal(header, 124, 12);
    if (size === null || octal(header, 148, 8) !== checksum(header)) return null;
    const begin = at + block;
    if (begin + size > archive.byteLength) return null;
    const kind = String.fromCharCode(header[156]!);
    if (kind !== '0' && kind !== '5' && kind !== '\0') return null;
    if (kind !== '5') entries.push({ path: pathOf(header), content: archive.subarray(begin, begin + size) });
    at = begin + Math.ceil(size / block) * block;
  }
  // A whole archive ends with blocks of zeros.
  return null;
}

function pathOf(header: Uint8Array): string {
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(header: Uint8Array, at: number, width: number): string {
  const bytes = header.subarray(at, at + width);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? width : end));
}

function octal(header: Uint8Array, at: number, width: number): number | null {
  const digits = text(header, at, width).trim();
  return /^[0-7]{1,11}$/.test(digits) ? parseInt(digits, 8) : null;
}

/** The checksum is computed with blanks in its own place. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
