import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { witnessServer } from './demo-design.ts';
import type { DemoFolders } from './demo-folders.ts';
import type { DemoRuntime } from './demo-programs.ts';

const run = promisify(execFile);
const seedLimitMs = 20_000;

/** A lease store without memory grants nothing until it is seeded; a site that never ran starts at epoch 0. */
export async function seedWitness(folders: DemoFolders, runtime: DemoRuntime): Promise<void> {
  const config = `${folders.server(witnessServer).root}/witness.json`;
  await run(runtime.nodePath, [runtime.programs.agent, 'seed', '--config', config, '--epoch', '0'], {
    timeout: seedLimitMs,
  });
}
