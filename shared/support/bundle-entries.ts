import { countLeftOut, leftOutMark } from './allowed-text.ts';
import type { NotHad, SupportFile, SupportMaterial } from './support-material.ts';

/** What no bundle has, whatever was asked for: told in each. */
export const neverIncluded: readonly NotHad[] = [
  {
    what: 'private keys, passwords, tokens, certificates as files',
    why: 'They are never read for a bundle.',
  },
  {
    what: 'HL7 messages and parts of them',
    why: 'Neither engine logs nor queues are read; only counts are.',
  },
  { what: 'identifiers of messages and the tables of components by name', why: 'They belong to the engine.' },
  {
    what: 'the reasons that persons have typed, where the journal tells of a command',
    why: 'They may name anybody.',
  },
  {
    what: `every word that the product does not use itself, shown as ${leftOutMark}`,
    why: 'Texts are let through word by word: what is not known to be harmless stays behind.',
  },
];

/** Everything of one server, or of the workstation that made the bundle. */
export interface BundlePart {
  /** Folder in the bundle: a server's id, or `console`. */
  readonly name: string;
  readonly files: readonly SupportFile[];
  readonly missing: readonly NotHad[];
}

export interface BundleAbout {
  readonly site: string | null;
  /** By the clock of whoever made it. */
  readonly madeAt: string;
  readonly productVersion: string;
}

export interface BundleEntry {
  readonly path: string;
  readonly content: Uint8Array;
}

/** What the machine that makes the bundle computes. */
export interface BundleMeans {
  /** UTF-8. */
  readonly encode: (text: string) => Uint8Array;
  /** Hexadecimal SHA-256. */
  readonly sha256: (content: Uint8Array) => string;
}

/** A part made of what a server has handed over. Pure. */
export function partOf(name: string, { files, missing }: SupportMaterial): BundlePart {
  return { name, files, missing };
}

/**
 * The files of a bundle with its manifest first: each with size and checksum, what was cut, what is never included,
 * and what could not be had and why. Pure.
 */
export function bundleEntries(
  about: BundleAbout,
  parts: readonly BundlePart[],
  { encode, sha256 }: BundleMeans,
): BundleEntry[] {
  const files = parts.flatMap(({ name, files: own }) =>
    own.map((file) => ({ ...file, path: `${name}/${file.path}`, content: encode(file.text) })),
  );
  const manifest = {
    schema: 1,
    kind: 'ixha-support-bundle',
    ...about,
    files: files.map(({ path, text, content, cut }) => ({
      path,
      bytes: content.byteLength,
      sha256: sha256(content),
      leftOutPlaces: countLeftOut(text),
      ...(cut !== undefined && { cut }),
    })),
    missing: parts.flatMap(({ name, missing }) => missing.map((one) => ({ from: name, ...one }))),
    neverIncluded,
  };
  return [
    { path: 'manifest.json', content: encode(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...files.map(({ path, content }) => ({ path, content })),
  ];
}

/** One line for people about what is in a bundle and what is not. Pure. */
export function bundleLines(path: string, bytes: number, parts: readonly BundlePart[]): string[] {
  const count = parts.reduce((sum, { files }) => sum + files.length, 0);
  const from = parts.filter(({ files }) => files.length > 0).map(({ name }) => name);
  return [
    `${path}: ${count} files from ${from.join(', ')}, ${Math.ceil(bytes / 1024)} kB.`,
    ...parts.flatMap(({ name, missing }) =>
      missing.map(({ what, why }) => `missing from ${name}: ${what}. ${why}`),
    ),
    'What is in it, and what is left out, is told by its manifest.json. Look through it before you send it.',
  ];
}
