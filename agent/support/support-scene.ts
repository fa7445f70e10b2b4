import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import type { AllowedWords } from '../../shared/support/allowed-text.ts';
import type { NotHad, SupportFile } from '../../shared/support/support-material.ts';

/** Where the product's things are on this server. */
export interface SupportFolders {
  readonly configuration: string;
  readonly state: string;
  readonly run: string;
  readonly library: string;
}

export const serverFolders: SupportFolders = {
  configuration: '/etc/ixha',
  state: '/var/lib/ixha',
  run: '/run/ixha',
  library: '/usr/lib/ixha',
};

/** What a collection reads from: files and programs of this server, both only looked at. */
export interface SupportMeans {
  readonly folders: SupportFolders;
  /** Throws like Node does when it cannot. */
  read(path: string): string;
  list(path: string): string[];
  /** `0600 0:0 1234`: mode, owner and size, without opening it. */
  describe(path: string): string;
  /** Standard output of a program that must end with 0 within ten seconds. */
  run(file: string, args: readonly string[]): Promise<string>;
}

/** Means, and the words that may leave this server. */
export interface SupportScene extends SupportMeans {
  readonly allowed: AllowedWords;
}

/** Files that one part of the collection has made, and what it could not have. */
export interface Collected {
  readonly files: readonly SupportFile[];
  readonly missing: readonly NotHad[];
}

const programLimitMs = 10_000;
const programOutput = 8 * 1024 * 1024;

export const systemMeans: SupportMeans = {
  folders: serverFolders,
  read: (path) => fs.readFileSync(path, 'utf8'),
  list: (path) => fs.readdirSync(path).sort(),
  describe: (path) => {
    const { mode, uid, gid, size } = fs.lstatSync(path);
    return `${(mode & 0o7777).toString(8).padStart(4, '0')} ${uid}:${gid} ${size}`;
  },
  run: (file, args) =>
    new Promise((resolve, reject) => {
      const limits = { timeout: programLimitMs, maxBuffer: programOutput, killSignal: 'SIGKILL' } as const;
      execFile(file, [...args], limits, (error, output) => {
        if (error)
          reject(
            new Error(`${file} ${error.killed ? 'took too long' : `ended with ${error.code ?? 'a signal'}`}`),
          );
        else resolve(output);
      });
    }),
};

/** Runs one part of the collection: what fails there is named as missing, and the rest goes on. */
export async function attempt(
  what: string,
  work: () => Collected | SupportFile[] | Promise<Collected | SupportFile[]>,
): Promise<Collected> {
  try {
    const done = await work();
    return 'files' in done ? done : { files: done, missing: [] };
  } catch (error) {
    return { files: [], missing: [{ what, why: whyNot(error) }] };
  }
}

/** The code of a failed call of the system, or what one of our own parts says. */
export function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message.slice(0, 300) : `It cannot be read here (${code}).`;
}

export function joinCollected(parts: readonly Collected[]): Collected {
  return { files: parts.flatMap(({ files }) => files), missing: parts.flatMap(({ missing }) => missing) };
}
