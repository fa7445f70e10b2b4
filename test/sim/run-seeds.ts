import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PlantedBug } from './planted.ts';
import type { SeedResult } from './run-seed.ts';

export interface SeedsOptions {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  readonly planted: readonly PlantedBug[];
  /** Told after each chunk; answers false when no more seeds are wanted. */
  readonly onResults?: (results: readonly SeedResult[]) => boolean;
}

/** What a worker is told: seeds in chunks; an empty message ends it. */
export interface WorkerOrder {
  readonly from: number;
  readonly count: number;
  readonly planted: readonly PlantedBug[];
}

const chunk = 10;

/** Runs the seeds in worker processes, each of which asks for the next chunk when it is done with one. */
export async function runSeeds(options: SeedsOptions): Promise<SeedResult[]> {
  const { from, count, workers, planted, onResults } = options;
  const results: SeedResult[] = [];
  let next = from;
  let end = from + count;
  const done = (some: readonly SeedResult[]) => {
    results.push(...some);
    if (onResults?.(some) === false) end = next;
  };
  const take = (): WorkerOrder | null => {
    if (next >= end) return null;
    const order = { from: next, count: Math.min(chunk, end - next), planted };
    next += order.count;
    return order;
  };
  const needed = Math.max(1, Math.min(workers, Math.ceil(count / chunk)));
  await Promise.all(Array.from({ length: needed }, () => runWorker(take, done)));
  return results;
}

function runWorker(
  take: () => WorkerOrder | null,
  onDone: (results: readonly SeedResult[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)));
    const order = () => {
      const taken = take();
      if (taken === null) worker.disconnect();
      else worker.send(taken);
    };
    worker.on('message', (results) => {
      onDone(results as SeedResult[]);
      order();
    });
    worker.on('error', reject);
    worker.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker of the simulation ended with ${signal ?? code}`));
    });
    order();
  });
}
