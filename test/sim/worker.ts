// One worker of the simulation: runs the seeds it is sent and answers with their results.
import { runSeed, type SeedResult } from './run-seed.ts';
import type { WorkerOrder } from './run-seeds.ts';

process.on('message', (order: WorkerOrder) => {
  void run(order).then((results) => process.send?.(results));
});

async function run({ from, count, planted }: WorkerOrder): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    results.push(await runSeed({ seed, planted: new Set(planted), keepHistory: false }));
  }
  return results;
}
