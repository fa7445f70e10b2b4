import { readFileSync } from 'node:fs';

/** Memory of one process in kilobytes; null when it has ended. */
export interface ProcessMemory {
  readonly rssKb: number;
  readonly pssKb: number;
  readonly anonymousKb: number;
}

export function processMemory(pid: number): ProcessMemory | null {
  try {
    return readRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return null;
  }
}

/** Reads a `smaps_rollup`. Pure. */
export function readRollup(text: string): ProcessMemory {
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { rssKb: value('Rss'), pssKb: value('Pss'), anonymousKb: value('Anonymous') };
}

export function sumOf(memories: readonly (ProcessMemory | null)[]): ProcessMemory {
  const add = (read: (memory: ProcessMemory) => number) =>
    memories.reduce((sum, memory) => sum + (memory === null ? 0 : read(memory)), 0);
  return {
    rssKb: add(({ rssKb }) => rssKb),
    pssKb: add(({ pssKb }) => pssKb),
    anonymousKb: add(({ anonymousKb }) => anonymousKb),
  };
}
