import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { LabLayout } from './hosts/layout.ts';

/** For a run that is broken off: by another process, while this one stands still and makes nothing new. */
export function takeDownNow(lab: LabLayout): void {
  const main = join(import.meta.dirname, 'main.ts');
  const env = { ...process.env, LAB_ID: String(lab.id), LAB: lab.cache };
  spawnSync(process.execPath, [main, 'down'], { stdio: 'inherit', env });
}
